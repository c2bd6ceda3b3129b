"""Who a bearer token belongs to."""

from typing import Any, LiteralString

from loyalty.base import exempt, tokens
from loyalty.base.values import Actor, Anonymous, AtDevice, CustomerActor, Role, StaffActor
from loyalty.db.roundtrip import Query, clock, send

# A token that was opened on a device ends with it.
_SQL: LiteralString = """
SELECT t.expires_at, t.customer_id, s.id, s.role, s.name, d.id, d.location_id,
       (SELECT b.id FROM loyalty_device b WHERE b.token_digest = %s)
  FROM loyalty_accesstoken t LEFT JOIN loyalty_staffmember s ON s.id = t.staff_id AND s.is_active
  LEFT JOIN loyalty_device d ON d.id = t.device_id
 WHERE t.digest = %s AND t.revoked_at IS NULL AND d.revoked_at IS NULL
"""


@exempt.open_to_all("a token is its own proof, and says who its holder is")
def viewer(token: str, *, address: str = "", device_token: str | None = None) -> Actor:
    """The person of this business behind the token; Anonymous when it is unknown or over.

    `device_token` is what the browser was paired with, if it was: it is noted, and gives nothing.
    """
    browser = tokens.digest(device_token) if device_token else None
    found: Query[tuple[Any, ...]] = Query(_SQL, [browser, tokens.digest(token)])
    now = clock()
    send(found, now)
    row = found.first
    if row is None or row[0] <= now.only:
        return Anonymous(address)
    _, customer_id, staff_id, role, name, device_id, location_id, browser_id = row
    if customer_id is not None:
        return CustomerActor(customer_id, browser_id)
    if staff_id is None:
        return Anonymous(address)
    device = AtDevice(device_id, location_id) if device_id is not None else None
    return StaffActor(staff_id, Role(role), name, device, browser_id)
