"""What one session does to one card: the outcome, and the statements that make it so."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty import tokens
from loyalty.events import EventKind
from loyalty.models import Bonus, Card, Counter, EarnSession, Event, LedgerEntry, QueuedSession
from loyalty.queries.collect_facts import (
    CardFacts,
    CollectFacts,
    SessionFacts,
    decided,
    policy_of,
)
from loyalty.rules.completion import Credit, credit
from loyalty.trip import Ask, delete, insert, update

Outcome = dict[str, Any]
Statements = list[Ask[Any]]


@dataclass(frozen=True, slots=True)
class _Change:
    """One session meeting one card: `at` is the moment of the scan, `now` of the writing."""

    session: SessionFacts
    card: CardFacts
    credit: Credit
    customer_id: int
    card_id: int
    version: int
    event_id: int
    at: datetime
    now: datetime


def credit_session(facts: CollectFacts, *, customer_id: int) -> tuple[Outcome, Statements]:
    """The stored answer to this collect and its writes, for the caller's transaction.

    A session that was queued is decided as at its scan, one shown now as at the clock.
    """
    session, card = decided(facts)
    change = _Change(
        session=session,
        card=card,
        credit=credit(
            open_units=card.open,
            debt=card.debt,
            units=session.units,
            threshold=card.mechanic.threshold,
            surplus=card.mechanic.surplus,
        ),
        customer_id=customer_id,
        # Random, not counted: it stands in the ledger and in the address of the card's page.
        card_id=card.card_id or secrets.randbits(62),
        version=(card.card_version or 0) + 1,
        event_id=_new_id(facts.now),
        at=facts.queued.scanned_at if facts.queued else facts.now,
        now=facts.now,
    )
    earned = [_earned(change, number) for number in _new_ids(facts.now, change.credit.completed)]
    outcome = _outcome(change, earned, waiting=facts.waiting)
    return outcome, [
        _session_row(change, outcome),
        *([delete(QueuedSession, session.id)] if facts.queued else []),
        *_card_rows(change),
        _event_row(change, earned),
        *(_bonus_row(change, bonus) for bonus in earned),
        *_ledger_rows(change),
    ]


def _outcome(change: _Change, earned: list[Outcome], *, waiting: list[Outcome]) -> Outcome:
    after = change.credit
    return {
        "session": change.session.id,
        "units": change.session.units,
        "points": change.session.points,
        "bonuses": earned,
        "at": change.at.isoformat(),
        "card": {
            "id": change.card_id,
            "version": change.version,
            "program": change.session.program_id,
            "points": (change.card.points or 0) + change.session.points,
            "bonuses": [*waiting, *earned][:100],
            "progress": [
                {
                    "open": after.open,
                    "debt": after.debt,
                    "threshold": change.card.mechanic.threshold,
                }
            ],
        },
    }


def _earned(change: _Change, number: int) -> Outcome:
    return {
        "id": number,
        "title": change.card.bonus_title,
        "source": "card",
        "product": change.card.product_id,
        "expires_at": None,
    }


def _session_row(change: _Change, outcome: Outcome) -> Ask[Any]:
    return update(
        EarnSession,
        change.session.id,
        status="collected",
        customer_id=change.customer_id,
        collected_at=change.at,
        outcome=outcome,
    )


def _card_rows(change: _Change) -> Statements:
    card, session = change.card, change.session
    state: dict[str, Any] = {
        "version": change.version,
        "visits": (card.visits or 0) + 1,
        "points": (card.points or 0) + session.points,
        "last_visit_at": change.at,
    }
    balance = {"open": change.credit.open, "debt": change.credit.debt}
    if card.card_id is not None and card.counter_id is not None:
        return [update(Card, card.card_id, **state), update(Counter, card.counter_id, **balance)]
    made = insert(
        Card,
        id=change.card_id,
        customer_id=change.customer_id,
        program_id=session.program_id,
        promise_id=card.promise_id,
        created_at=change.now,
        **state,
    )
    return [made, insert(Counter, card_id=change.card_id, **balance)]


def _event_row(change: _Change, earned: list[Outcome]) -> Ask[Any]:
    session = change.session
    return insert(
        Event,
        id=change.event_id,
        kind=EventKind.COLLECTED,
        at=change.at,
        location_id=session.location_id,
        staff_id=session.staff_id,
        preset_id=session.preset_id,
        session_id=session.id,
        card_id=change.card_id,
        card_version=change.version,
        version_id=session.version_id,
        units=session.units,
        amount=session.amount,
        points=session.points,
        policy=policy_of(session),
        details={"bonuses": [bonus["id"] for bonus in earned]},
    )


def _bonus_row(change: _Change, bonus: Outcome) -> Ask[Any]:
    return insert(
        Bonus,
        id=bonus["id"],
        card_id=change.card_id,
        version_id=change.card.promise_id,
        session_id=change.session.id,
        source=bonus["source"],
        status="waiting",
        title=bonus["title"],
        product_id=bonus["product"],
        earned_at=change.at,
    )


def _ledger_rows(change: _Change) -> Statements:
    numbers = _new_ids(change.now, len(change.credit.movements))
    return [
        insert(
            LedgerEntry,
            id=numbers[line - 1],
            card_id=change.card_id,
            card_version=change.version,
            line=line,
            kind=movement.kind,
            units=movement.units,
            version_id=change.session.version_id,
            session_id=change.session.id,
            event_id=change.event_id,
            occurred_at=change.at,
            recorded_at=change.now,
            origin="",
        )
        for line, movement in enumerate(change.credit.movements, start=1)
    ]


def _new_ids(now: datetime, count: int) -> list[int]:
    return tokens.ordered_ids(now, count, random=secrets.randbits(21))


def _new_id(now: datetime) -> int:
    return tokens.ordered_id(now, random=secrets.randbits(21))
