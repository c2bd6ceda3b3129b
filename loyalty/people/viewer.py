"""Who a bearer token belongs to."""

from datetime import datetime
from typing import LiteralString, NamedTuple

from loyalty.base import exempt, tokens
from loyalty.base.values import Actor, Anonymous, AtDevice, CustomerActor, Role, StaffActor
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, clock, send


class TokenRow(NamedTuple):
    """A token that was not revoked: whose it is, and on which device it is used."""

    expires_at: datetime
    customer_id: int | None
    staff_id: int | None
    role: str
    name: str
    device: AtDevice | None
    browser_id: int | None


_TOKEN = columns(
    TokenRow,
    "t",
    staff_id="s.id",
    role="s.role",
    name="s.name",
    device=columns(AtDevice, "d").or_none(),
    browser_id="(SELECT b.id FROM loyalty_device b WHERE b.token_digest = %s)",
)
# A token that was opened on a device ends with it.
_SQL: LiteralString = f"""
SELECT {_TOKEN.sql}
  FROM loyalty_accesstoken t LEFT JOIN loyalty_staffmember s ON s.id = t.staff_id AND s.is_active
  LEFT JOIN loyalty_device d ON d.id = t.device_id
 WHERE t.digest = %s AND t.revoked_at IS NULL AND d.revoked_at IS NULL
"""  # noqa: S608  our own columns


@exempt.open_to_all("a token is its own proof, and says who its holder is")
def viewer(token: str, *, address: str = "", device_token: str | None = None) -> Actor:
    """The person of this business behind the token; Anonymous when it is unknown or over.

    `device_token` is what the browser was paired with, if it was: it is noted, and gives nothing.
    """
    browser = tokens.digest(device_token) if device_token else None
    found = Query(_SQL, [browser, tokens.digest(token)], row=_TOKEN.row)
    now = clock()
    send(found, now)
    row = found.first
    if row is None or row.expires_at <= now.only:
        return Anonymous(address)
    if row.customer_id is not None:
        return CustomerActor(row.customer_id, row.browser_id)
    if row.staff_id is None:
        return Anonymous(address)
    return StaffActor(row.staff_id, Role(row.role), row.name, row.device, row.browser_id)
