"""Makes a sign-in link with its code, and enqueues the mail."""

import secrets
from datetime import datetime, timedelta

from loyalty.base import exempt, tokens
from loyalty.db.enqueue import enqueue
from loyalty.db.ids import new_id
from loyalty.models import SignInLink

LINK_LASTS = timedelta(hours=24)
CODE_LASTS = timedelta(minutes=10)


@exempt.asked_already("part of asking for a mail")
def send_link(
    email: str, *, claim_digest: bytes, language: str, token_key: str, now: datetime
) -> None:
    """A new link for the address, older ones void; the mail goes out when the caller commits."""
    SignInLink.objects.filter(email=email, used_at=None, is_void=False).update(is_void=True)
    salt = secrets.token_bytes(tokens.SALT_BYTES)
    link = SignInLink.objects.create(
        id=new_id(now),
        email=email,
        language=language,
        salt=salt,
        link_digest=tokens.digest(tokens.derive(token_key, salt, purpose="link")),
        claim_digest=claim_digest,
        created_at=now,
        link_expires_at=now + LINK_LASTS,
        code_expires_at=now + CODE_LASTS,
    )
    # The job holds the row's number only; link and code are derived when the mail is written.
    enqueue("loyalty.jobs.send_sign_in_mail", link.id)
