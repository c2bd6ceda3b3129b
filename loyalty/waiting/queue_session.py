"""Nobody is signed in: the session is taken for an e-mail address, its units wait."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from loyalty.base import exempt, tokens
from loyalty.base.email_address import mailbox
from loyalty.base.errors import (
    AlreadyCollected,
    EmailRequired,
    InvalidInput,
    OwnSession,
    RateLimited,
    SessionExpired,
    SessionVoided,
)
from loyalty.base.events import session_topic
from loyalty.base.states import SessionStatus
from loyalty.cards.view import CollectOutcome
from loyalty.db.announce import announce
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import database_now
from loyalty.events.sales import QueuedDetails
from loyalty.guards.allowance import is_taken
from loyalty.guards.limits import SESSION_MAILS, SESSION_MAILS_MORE
from loyalty.guards.refuse_unknown_code import refuse_unknown_code
from loyalty.log.lines import write_line
from loyalty.models import EarnSession, QueuedSession, Settings, SignInLink
from loyalty.people.address_on_file import address_on_file
from loyalty.people.lock_address import lock_addresses
from loyalty.waiting.refuse_full_queue import refuse_full_queue
from loyalty.waiting.refuse_maker import refuse_maker
from loyalty.waiting.send_link import send_link

MAILS_PER_SESSION = 3
# Of a stranger's key and address a claim is derived: a short key could be guessed.
SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class QueueAsker:
    """Who asks: `claims` from earlier answers, or `retry_key`, which finds its own answer again.

    Only the claim of this very session counts; a new session gets a new one, so that anybody who
    planted a claim in somebody's browser holds nothing of what happens there afterwards.
    `browser` is the token that the browser was paired with, if it is a counter device.
    """

    ip: str
    language: str = ""
    claims: tuple[str, ...] = ()
    retry_key: str | None = None
    browser: str | None = None


@dataclass(frozen=True, slots=True)
class QueuedClaim:
    """The units wait for `email` until `expires_at`; `claim` is the caller's alone."""

    email: str
    units: int
    expires_at: datetime
    claim: str


@exempt.open_to_all("a code is its own proof")
def queue_session(
    token: str, *, typed: str | None, who: QueueAsker, token_key: str
) -> QueuedClaim | CollectOutcome:
    """Take the session for the address and mail a link and a code; or the replay of that.

    The same key with another address is a stranger's: it gets what any stranger gets.

    A claim with another address corrects a mistyped one. Anybody who holds the claim of a session
    that was granted meanwhile gets its outcome. Raises CodeUnknown, AlreadyCollected,
    SessionVoided, SessionExpired, EmailRequired, QueueFull, OwnSession, InvalidInput or
    RateLimited.
    """
    email = address_on_file(typed) if typed else None
    found = _queue(token, email, who, token_key)
    if found is None:
        refuse_unknown_code(who=who.ip)
    if isinstance(found, OwnSession):
        raise found
    queued, session_id, now = found
    if session_id is not None:
        announce(
            session_topic(session_id), {"status": SessionStatus.PENDING, "at": now.isoformat()}
        )
    return queued


@retry_once
def _queue(
    token: str, email: str | None, who: QueueAsker, token_key: str
) -> tuple[QueuedClaim | CollectOutcome, int | None, datetime] | OwnSession | None:
    with transaction.atomic():
        # Both addresses of a correction: the old one's owner may be signing in right now.
        lock_addresses(*filter(None, [email, _queued_for(token)]))
        # The session's row serialises everybody who shows this token.
        found = EarnSession.objects.select_for_update().filter(token_digest=tokens.digest(token))
        session = found.first()
        if session is None:
            return None
        queue = QueuedSession.objects.filter(session=session).first()
        now = database_now()
        held = _held(queue, who)
        claim = held or _new_claim(token, who, email=email, token_key=token_key)
        if replay := _earlier_answer(session, queue, who, email=email, claim=claim):
            return replay, None, now
        _check_session(session, queue, email=email, is_asker=held is not None, now=now)
        if refused := refuse_maker(session, email or "", browser=who.browser, now=now):
            # Raised by the caller: the decision must stay in the log.
            return refused
        digest = tokens.digest(claim)
        queue = _take(session, queue, email=email or "", digest=digest, now=now)
        _mail(queue, who=who, token_key=token_key, now=now)
    return QueuedClaim(queue.email, session.units, queue.expires_at, claim), session.id, now


def _queued_for(token: str) -> str | None:
    waiting = QueuedSession.objects.filter(session__token_digest=tokens.digest(token))
    return waiting.values_list("email", flat=True).first()


def _held(queue: QueuedSession | None, who: QueueAsker) -> str | None:
    wanted = bytes(queue.claim_digest) if queue else None
    return next((claim for claim in who.claims if tokens.digest(claim) == wanted), None)


def _new_claim(token: str, who: QueueAsker, *, email: str | None, token_key: str) -> str:
    if who.retry_key is not None and len(who.retry_key) < SHORTEST_KEY:
        raise InvalidInput(details={"field": "idempotencyKey", "reason": "length"})
    if who.retry_key is None or email is None:
        return secrets.token_urlsafe(24)
    # The client never saw the first answer: its retry must find the same claim again. The key is a
    # client's word, so the address counts too: anybody who guesses one still has to know the other.
    said = json.dumps([token, email, who.retry_key]).encode()
    return tokens.derive(token_key, said, purpose="claim")


def _earlier_answer(
    session: EarnSession,
    queue: QueuedSession | None,
    who: QueueAsker,
    *,
    email: str | None,
    claim: str,
) -> QueuedClaim | CollectOutcome | None:
    is_same = queue and bytes(queue.claim_digest) == tokens.digest(claim)
    if queue and is_same and email in {None, queue.email}:
        return QueuedClaim(queue.email, session.units, queue.expires_at, claim)
    # Its own session only: a claim must not open what its address's owner collected elsewhere. And
    # only for a claim that we gave out: what a key finds again says no more than its caller typed.
    granted = SignInLink.objects.filter(
        claim_digest__in=[tokens.digest(each) for each in who.claims],
        customer=session.customer_id,
        used_at__isnull=False,
        granted__sessions__contains=session.id,
    )
    if session.status == SessionStatus.COLLECTED and session.customer_id and granted.exists():
        return CollectOutcome.from_stored(session.outcome or {})
    return None


def _check_session(
    session: EarnSession,
    queue: QueuedSession | None,
    *,
    email: str | None,
    is_asker: bool,
    now: datetime,
) -> None:
    if session.status == SessionStatus.VOIDED:
        raise SessionVoided
    if session.status == SessionStatus.COLLECTED:
        raise AlreadyCollected
    if queue:
        if not is_asker:
            raise AlreadyCollected
    elif now >= session.expires_at:
        raise SessionExpired
    if email is None:
        raise EmailRequired
    refuse_full_queue(email, now=now)


def _take(
    session: EarnSession,
    queue: QueuedSession | None,
    *,
    email: str,
    digest: bytes,
    now: datetime,
) -> QueuedSession:
    if queue:
        # Corrected: the link that went to the mistyped address must not open anything.
        SignInLink.objects.filter(claim_digest=digest, email=queue.email, used_at=None).update(
            is_void=True
        )
        QueuedSession.objects.filter(session=session).update(email=email, mailbox=mailbox(email))
        queue.email = email
        return queue
    EarnSession.objects.filter(id=session.id).update(status=SessionStatus.PENDING)
    write_line(
        QueuedDetails(),
        at=now,
        location_id=session.location_id,
        staff_id=session.staff_id,
        device_id=session.device_id,
        preset_id=session.preset_id,
        session_id=session.id,
        version_id=session.version_id,
        units=session.units,
    )
    return QueuedSession.objects.create(
        session=session,
        email=email,
        mailbox=mailbox(email),
        claim_digest=digest,
        scanned_at=now,
        expires_at=now + timedelta(days=Settings.objects.get().queue_days),
    )


def _mail(queue: QueuedSession, *, who: QueueAsker, token_key: str, now: datetime) -> None:
    if queue.mails_sent >= MAILS_PER_SESSION:
        raise RateLimited(retry_at=queue.expires_at)
    live = SignInLink.objects.filter(
        email=queue.email, is_void=False, used_at=None, link_expires_at__gt=now
    )
    # With a link on its way, which grants this session too, three an hour are enough; without
    # one its owner has used them all, and is there to read another.
    to = mailbox(queue.email)
    more = [(SESSION_MAILS_MORE, to)] if live.exists() else []
    if not is_taken((SESSION_MAILS, to), *more, now=now):
        return
    QueuedSession.objects.filter(session_id=queue.session_id).update(
        mails_sent=queue.mails_sent + 1
    )
    send_link(
        queue.email,
        claim_digest=bytes(queue.claim_digest),
        language=who.language,
        token_key=token_key,
        now=now,
    )
