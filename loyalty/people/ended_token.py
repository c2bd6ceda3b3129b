"""Why a token that was good here once is not good any more."""

from enum import StrEnum

from loyalty.base import exempt, tokens
from loyalty.db.roundtrip import database_now
from loyalty.models import AccessToken, Device


class TokenEnd(StrEnum):
    """What happened to it."""

    DEVICE_REVOKED = "device_revoked"
    # A device's own token, where a person's is asked for.
    NOBODY_ON = "nobody_on"
    LEFT = "left"
    SWITCHED_OFF = "switched_off"
    SIGNED_OUT = "signed_out"
    EXPIRED = "expired"


@exempt.open_to_all("a token is its own proof")
def ended(token: str) -> TokenEnd | None:
    """What became of this token of a person or a device; None for a stranger's, or a good one.

    Only anybody who holds the token hears it. People's tokens are forgotten a day after their end.
    """
    digest = tokens.digest(token)
    device = Device.objects.filter(token_digest=digest).first()
    if device is not None:
        return TokenEnd.NOBODY_ON if device.revoked_at is None else TokenEnd.DEVICE_REVOKED
    row = AccessToken.objects.select_related("staff", "device").filter(digest=digest).first()
    return None if row is None else _of_person(row)


def _of_person(row: AccessToken) -> TokenEnd | None:
    if row.device is not None and row.device.revoked_at is not None:
        return TokenEnd.DEVICE_REVOKED
    if row.staff is not None and not row.staff.is_active:
        return TokenEnd.LEFT
    if row.revoked_at is not None:
        return TokenEnd.SIGNED_OUT if row.device is None else TokenEnd.SWITCHED_OFF
    return TokenEnd.EXPIRED if row.expires_at <= database_now() else None
