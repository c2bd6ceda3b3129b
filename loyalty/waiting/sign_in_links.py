"""A mailed link as its page shows it, and what a browser that asked for a mail waits for."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.base import exempt, tokens
from loyalty.base.email_address import masked
from loyalty.base.errors import CodeUnknown, LinkExpired
from loyalty.db.roundtrip import database_now
from loyalty.models import SignInLink


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link that works; anybody who did not ask for it must type the whole address."""

    masked_email: str
    is_asker: bool


@exempt.open_to_all("a mailed link is its own proof")
def shown_link(token: str, *, claims: Sequence[str]) -> ShownLink:
    """The link now, for this browser; raises CodeUnknown or LinkExpired, and changes nothing."""
    link = SignInLink.objects.filter(link_digest=tokens.digest(token)).first()
    if link is None:
        raise CodeUnknown
    now = database_now()
    is_asker = bytes(link.claim_digest) in map(tokens.digest, claims)
    # The asking browser may repeat the sign-in; to everybody else a used link is over.
    is_over = not is_asker if link.used_at else link.is_void
    if is_over or now >= link.link_expires_at:
        raise LinkExpired
    return ShownLink(masked(link.email), is_asker)


@exempt.open_to_all("a mailed link is its own proof")
def opened_by(token: str) -> int | None:
    """The id of the customer who signed in with the link; None when nobody has."""
    found = SignInLink.objects.filter(link_digest=tokens.digest(token))
    return found.values_list("customer_id", flat=True).first()


@exempt.open_to_all("a claim is the proof of the browser that typed the address")
def awaited_address(claims: Sequence[str]) -> str | None:
    """The address whose mail the browser with these claims waits for; None when there is none."""
    now = database_now()
    live = SignInLink.objects.filter(is_void=False, used_at=None, link_expires_at__gt=now)
    found = live.filter(claim_digest__in=[tokens.digest(claim) for claim in claims])
    return found.order_by("-id").values_list("email", flat=True).first()
