"""A token ends."""

from loyalty import tokens
from loyalty.models import AccessToken
from loyalty.trip import clock, trip


def sign_out(token: str) -> bool:
    """Revoke the token; True when it was a live one."""
    now = clock()
    trip(now)
    live = AccessToken.objects.filter(digest=tokens.digest(token), revoked_at=None)
    return bool(live.update(revoked_at=now.only))
