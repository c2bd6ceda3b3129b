"""Somebody asks for a mail to sign in, without a live session behind it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from loyalty.base import exempt, tokens
from loyalty.base.email_address import mailbox
from loyalty.db.roundtrip import database_now
from loyalty.guards import limits
from loyalty.guards.allowance import Use, take
from loyalty.models import Customer, QueuedSession
from loyalty.people.address_on_file import address_on_file
from loyalty.people.known_browsers import known_browser
from loyalty.people.lock_address import lock_addresses
from loyalty.waiting.send_link import send_link


@dataclass(frozen=True, slots=True)
class LinkAsker:
    """Who asks for a mail: `browsers` and `claims` are tokens that the client shows."""

    ip: str
    language: str = ""
    browsers: Sequence[str] = field(default=(), repr=False)
    claims: Sequence[str] = field(default=(), repr=False)


@exempt.open_to_all("anybody may ask for a mail; it goes to the address alone")
def request_link(typed: str, *, who: LinkAsker, token_key: str) -> str:
    """Send a link and a code; a new claim, by which this client alone may use the code.

    The answer is the same whether the address is known or not. Raises InvalidInput or RateLimited
    (docs/limits.md): a browser where the person has signed in before, and one whose visit waits
    for this address, are counted by that, all others by address and mailbox.
    """
    email = address_on_file(typed)
    now = database_now()
    take(*_uses(email, who, now=now), now=now)
    claim = secrets.token_urlsafe(24)
    with transaction.atomic():
        lock_addresses(email)
        send_link(
            email,
            claim_digest=tokens.digest(claim),
            language=who.language,
            token_key=token_key,
            now=now,
        )
    return claim


def _uses(email: str, who: LinkAsker, *, now: datetime) -> list[Use]:
    customer = Customer.objects.filter(email=email).values_list("pk", flat=True).first()
    if (known := known_browser(who.browsers, customer_id=customer)) is not None:
        return [(limits.LINKS_KNOWN, str(known))]
    digests = [tokens.digest(claim) for claim in who.claims]
    waiting = QueuedSession.objects.filter(email=email, expires_at__gt=now)
    if session := waiting.filter(claim_digest__in=digests).order_by("pk").first():
        return [(limits.LINKS_SESSION, str(session.pk))]
    return [(limits.LINKS_ADDRESS, who.ip), (limits.LINKS_MAILBOX, mailbox(email))]
