"""A token ends."""

from loyalty.base import exempt, tokens
from loyalty.db.roundtrip import database_now
from loyalty.models import AccessToken


@exempt.open_to_all("a token is its own proof")
def sign_out(token: str) -> bool:
    """Revoke the token; True when it was a live one."""
    now = database_now()
    live = AccessToken.objects.filter(digest=tokens.digest(token), revoked_at=None)
    return bool(live.update(revoked_at=now))
