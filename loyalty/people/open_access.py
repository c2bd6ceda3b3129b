"""A signed-in session: a bearer token, stored as its digest only."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from loyalty.base import exempt, tokens
from loyalty.models import AccessToken

CUSTOMER_LASTS = timedelta(days=365)
STAFF_LASTS = timedelta(hours=12)
# Half a shift: who walks away unseen is signed out before the next one, whatever the client does.
ON_DEVICE_LASTS = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """The token as shown once to its owner, and when it ends."""

    token: str
    expires_at: datetime


@exempt.asked_already("part of each sign-in, and of our own commands")
def open_access(
    *,
    now: datetime,
    customer_id: int | None = None,
    staff_id: int | None = None,
    device_id: int | None = None,
) -> IssuedToken:
    """A new token of 256 random bits for one customer or one staff member.

    With `device_id` it is good for 4 hours at most, and ends with the device.
    """
    token = secrets.token_urlsafe(32)
    staff_lasts = STAFF_LASTS if device_id is None else ON_DEVICE_LASTS
    expires_at = now + (staff_lasts if customer_id is None else CUSTOMER_LASTS)
    AccessToken.objects.create(
        digest=tokens.digest(token),
        customer_id=customer_id,
        staff_id=staff_id,
        device_id=device_id,
        created_at=now,
        expires_at=expires_at,
    )
    return IssuedToken(token, expires_at)
