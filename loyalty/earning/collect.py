"""The customer confirms: units, cards and bonuses in one transaction, once for each session."""

import json
from dataclasses import replace

from loyalty.base import access, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import (
    AlreadyCollected,
    CodeUnknown,
    Refused,
    SessionExpired,
    SessionVoided,
)
from loyalty.base.events import card_topic, session_topic
from loyalty.base.states import SessionStatus
from loyalty.base.values import CustomerActor
from loyalty.cards.view import CollectOutcome
from loyalty.correcting.rejoin_streak import rejoin_streak
from loyalty.db.announce import announce
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import transaction
from loyalty.earning.credit_session import credit_session
from loyalty.earning.decide_sale import decide_sale, refused_rows
from loyalty.earning.facts import CollectFacts, facts_by_token
from loyalty.guards.idempotency import RepeatableRequest
from loyalty.guards.refuse_unknown_code import refuse_unknown_code


def collect(
    token: str, *, actor: CustomerActor, ip: str, idempotency_key: str | None = None
) -> CollectOutcome:
    """What this customer got from the session; the same however often it is asked.

    Raises CodeUnknown (also for foreign and malformed tokens), AlreadyCollected, SessionVoided,
    SessionExpired, OwnSession, Cooldown, DailyCap, ProgramBudgetSpent, KeyReused or RateLimited;
    none of them changes anything, but the decision is kept for anybody who asks why.
    """
    access.require(actor, Permission.COLLECT)
    try:
        outcome, is_new = _collect(token, actor=actor, idempotency_key=idempotency_key)
    except CodeUnknown:
        # Counted outside the transaction, which the refusal took back.
        refuse_unknown_code(who=f"{actor.key} {ip}")
    if is_new:
        tell(outcome)
    return outcome


@retry_once
def _collect(
    token: str, *, actor: CustomerActor, idempotency_key: str | None
) -> tuple[CollectOutcome, bool]:
    digest = tokens.digest(token)
    repeatable = RepeatableRequest(
        idempotency_key, actor=actor.key, wanted=lambda: {"token": digest.hex()}
    )
    with transaction() as tx:
        facts = facts_by_token(
            tx, digest=digest, customer_id=actor.id, besides=repeatable.queries()
        )
        facts = replace(facts, browser_id=actor.device_id)
        repeatable.refuse_other_input(now=facts.now)
        if replay := _earlier_answer(facts, actor):
            return replay, False
        try:
            _check_session(facts)
            counted_sale = decide_sale(facts)
        except Refused as refused:
            # The decision stays, the session too: the transport refuses, nothing was consumed.
            tx.finish(*refused_rows(facts, refused, customer_id=actor.id))
            raise
        outcome, writes = credit_session(facts, counted_sale, customer_id=actor.id)
        kept = repeatable.keep({"session": outcome.session_id}, now=facts.now)
        if facts.is_late:
            # With the credit or not at all: another late scan must see what this one settled.
            tx.send(*writes, *kept)
            rejoin_streak(outcome.card.id, outcome.session_id, actor.id, now=facts.now)
            tx.finish()
        else:
            tx.finish(*writes, *kept)
    return outcome, True


def tell(outcome: CollectOutcome) -> None:
    """Let the counter's and the customer's screens know, after the commit."""
    announce(
        session_topic(outcome.session_id),
        {
            "status": SessionStatus.COLLECTED,
            "units": outcome.units,
            "bonuses": len(outcome.bonuses),
            "waiting": len(outcome.card.bonuses),
            "at": outcome.at.isoformat(),
        },
    )
    announce(card_topic(outcome.card.id), {"version": outcome.card.version})


def _earlier_answer(facts: CollectFacts, actor: CustomerActor) -> CollectOutcome | None:
    session = facts.session
    if session is None or session.outcome is None or session.status != SessionStatus.COLLECTED:
        return None
    if session.customer_id != actor.id:
        return None
    return CollectOutcome.from_stored(json.loads(session.outcome))


def _check_session(facts: CollectFacts) -> None:
    session = facts.session
    if session is None:
        raise CodeUnknown
    if session.status == SessionStatus.VOIDED:
        raise SessionVoided
    if session.status == SessionStatus.COLLECTED:
        raise AlreadyCollected
    if session.status == SessionStatus.PENDING:
        # Taken for an address; its owner may be this very customer, signed in meanwhile.
        mine = facts.customer.email if facts.customer else None
        if facts.queued is None or facts.queued.email != mine:
            raise AlreadyCollected
        if facts.now >= facts.queued.expires_at:
            raise SessionExpired
    elif facts.now >= session.expires_at:
        raise SessionExpired
