"""What somebody who opened a session's address may know; looks only, locks and counts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from loyalty.base import exempt, tokens
from loyalty.base.email_address import mailbox
from loyalty.base.errors import AlreadyCollected, CodeUnknown, SessionExpired, SessionVoided
from loyalty.base.states import SessionStatus
from loyalty.base.values import Actor, CustomerActor
from loyalty.cards.view import CollectOutcome
from loyalty.db.roundtrip import database_now
from loyalty.models import Customer, EarnSession, QueuedSession, Settings, SignInLink
from loyalty.programs.unit_kind import counts_money


class ScanStep(StrEnum):
    """What the caller can do: confirm, read a mail, see what they got, or sign in to see it."""

    OPEN = "open"
    WAITING = "waiting"
    MINE = "mine"
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class ScannedSession:
    """`currency` is set when the units are money; `card_id` when the caller has collected it.

    `email` is the address that it waits for, shown to the browser that typed it; `is_last` warns
    that one more visit for this address would be refused.
    """

    scan: ScanStep
    units: int
    currency: str | None
    card_id: int | None = None
    email: str | None = None
    is_last: bool = False


@exempt.open_to_all("a code is its own proof; what it shows is by who looks")
def scanned_session(token: str, *, actor: Actor, claims: Sequence[str]) -> ScannedSession:
    """The session as it is now for this caller.

    Raises CodeUnknown (also for foreign and malformed tokens), AlreadyCollected, SessionVoided or
    SessionExpired, in the order in which `collect` and `queue_session` would.
    """
    now = database_now()
    found = EarnSession.objects.select_related("program", "version", "queuedsession")
    session = found.filter(token_digest=tokens.digest(token)).first()
    if session is None:
        raise CodeUnknown
    queued: QueuedSession | None = getattr(session, "queuedsession", None)
    digests = [tokens.digest(claim) for claim in claims]
    if session.status == SessionStatus.COLLECTED:
        return _collected(session, actor, digests)
    if session.status == SessionStatus.VOIDED:
        raise SessionVoided
    if queued:
        return _queued(session, queued, actor, digests, now)
    if now >= session.expires_at:
        raise SessionExpired
    return _seen(session, ScanStep.OPEN)


def _collected(session: EarnSession, actor: Actor, digests: list[bytes]) -> ScannedSession:
    if isinstance(actor, CustomerActor) and session.customer_id == actor.id:
        outcome = CollectOutcome.from_stored(session.outcome or {})
        return _seen(session, ScanStep.MINE, card_id=outcome.card.id)
    if digests and session.customer_id:
        link = SignInLink.objects.filter(
            claim_digest__in=digests,
            customer=session.customer_id,
            used_at__isnull=False,
            granted__sessions__contains=session.pk,
        ).first()
        if link:
            return _seen(session, ScanStep.GRANTED, email=link.email)
    raise AlreadyCollected


def _queued(
    session: EarnSession,
    queued: QueuedSession,
    actor: Actor,
    digests: list[bytes],
    now: datetime,
) -> ScannedSession:
    if isinstance(actor, CustomerActor):
        # Taken for an address; its owner may be this very customer, signed in meanwhile.
        if Customer.objects.filter(pk=actor.id, email=queued.email).exists():
            return _seen(session, ScanStep.OPEN)
    elif bytes(queued.claim_digest) in digests:
        same = QueuedSession.objects.filter(mailbox=mailbox(queued.email), expires_at__gt=now)
        is_last = same.count() >= Settings.objects.get().queue_limit
        return _seen(session, ScanStep.WAITING, email=queued.email, is_last=is_last)
    raise AlreadyCollected


def _seen(
    session: EarnSession,
    scan: ScanStep,
    *,
    card_id: int | None = None,
    email: str | None = None,
    is_last: bool = False,
) -> ScannedSession:
    currency = session.program.currency if counts_money(session.version) else None
    return ScannedSession(scan, session.units, currency, card_id, email, is_last)
