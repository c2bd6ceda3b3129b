"""Who a bearer token belongs to."""

from typing import Any, LiteralString

from loyalty import tokens
from loyalty.trip import Ask, clock, trip
from loyalty.values import Actor, Anonymous, CustomerActor, Role, StaffActor

_SQL: LiteralString = """
SELECT t.expires_at, t.customer_id, s.id, s.role, s.name
  FROM loyalty_accesstoken t LEFT JOIN loyalty_staffmember s ON s.id = t.staff_id AND s.is_active
 WHERE t.digest = %s AND t.revoked_at IS NULL
"""


def viewer(token: str, *, address: str = "") -> Actor:
    """The person of this business behind the token; Anonymous when it is unknown or over."""
    found: Ask[tuple[Any, ...]] = Ask(_SQL, [tokens.digest(token)])
    now = clock()
    trip(found, now)
    row = found.first
    if row is None or row[0] <= now.only:
        return Anonymous(address)
    _, customer_id, staff_id, role, name = row
    if customer_id is not None:
        return CustomerActor(customer_id)
    if staff_id is None:
        return Anonymous(address)
    return StaffActor(staff_id, Role(role), name)
