"""The rows that one credit writes."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty import tokens
from loyalty.events import EventKind
from loyalty.models import Bonus, Card, Counter, EarnSession, Event, LedgerEntry, QueuedSession
from loyalty.queries.collect_facts import CardFacts, CounterFacts, SessionFacts, policy_of
from loyalty.rules.completion import Credit
from loyalty.trip import Ask, delete, insert, update

Outcome = dict[str, Any]
Statements = list[Ask[Any]]


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter and what the session does to it."""

    counter: CounterFacts
    credit: Credit


@dataclass(frozen=True, slots=True)
class Change:
    """One session meeting one card: `at` is the moment of the scan, `now` of the writing."""

    session: SessionFacts
    card: CardFacts
    counted: list[Counted]
    customer_id: int
    card_id: int
    version: int
    event_id: int
    at: datetime
    now: datetime

    @property
    def units(self) -> int:
        """All units that the session gives this card."""
        movements = (entry for each in self.counted for entry in each.credit.movements)
        return sum(entry.units for entry in movements if entry.kind == "earn")

    @property
    def promise_id(self) -> int:
        """The version whose numbers the card keeps: after a completion it is the newest one."""
        if any(each.credit.completed for each in self.counted):
            return self.card.current_id
        return self.card.promise_id


def rows_of(change: Change, outcome: Outcome, *, was_queued: bool) -> Statements:
    """All statements of this credit, in the order that foreign keys ask for."""
    earned = outcome["bonuses"]
    return [
        _session_row(change, outcome),
        *([delete(QueuedSession, change.session.id)] if was_queued else []),
        *_card_rows(change),
        _event_row(change, earned),
        *(_bonus_row(change, bonus) for bonus in earned),
        *_ledger_rows(change),
    ]


def _session_row(change: Change, outcome: Outcome) -> Ask[Any]:
    return update(
        EarnSession,
        change.session.id,
        status="collected",
        customer_id=change.customer_id,
        collected_at=change.at,
        outcome=outcome,
    )


def _card_rows(change: Change) -> Statements:
    card, session = change.card, change.session
    state: dict[str, Any] = {
        "version": change.version,
        "visits": (card.visits or 0) + 1,
        "points": (card.points or 0) + session.points,
        "last_visit_at": change.at,
        "promise_id": change.promise_id,
    }
    counters = [_counter_row(change, each) for each in change.counted]
    if card.card_id is not None:
        return [update(Card, card.card_id, **state), *counters]
    made = insert(
        Card,
        id=change.card_id,
        customer_id=change.customer_id,
        program_id=session.program_id,
        created_at=change.now,
        **state,
    )
    return [made, *counters]


def _counter_row(change: Change, counted: Counted) -> Ask[Any]:
    balance = {"open": counted.credit.open, "debt": counted.credit.debt}
    if counted.counter.id is not None:
        return update(Counter, counted.counter.id, **balance)
    return insert(Counter, card_id=change.card_id, tier_id=counted.counter.tier_id, **balance)


def _event_row(change: Change, earned: list[Outcome]) -> Ask[Any]:
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
        units=change.units,
        amount=session.amount,
        points=session.points,
        policy=policy_of(session),
        details={"bonuses": [bonus["id"] for bonus in earned]},
    )


def _bonus_row(change: Change, bonus: Outcome) -> Ask[Any]:
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
        tier_id=bonus["tier"],
        earned_at=change.at,
    )


def _ledger_rows(change: Change) -> Statements:
    movements = [
        (each.counter.tier_id, movement)
        for each in change.counted
        for movement in each.credit.movements
    ]
    numbers = new_ids(change.now, len(movements))
    return [
        insert(
            LedgerEntry,
            id=numbers[line - 1],
            card_id=change.card_id,
            card_version=change.version,
            line=line,
            tier_id=tier_id,
            kind=movement.kind,
            units=movement.units,
            version_id=change.session.version_id,
            session_id=change.session.id,
            event_id=change.event_id,
            occurred_at=change.at,
            recorded_at=change.now,
            origin="",
        )
        for line, (tier_id, movement) in enumerate(movements, start=1)
    ]


def new_ids(now: datetime, count: int) -> list[int]:
    """Ids for rows of one table that are appended together."""
    return tokens.ordered_ids(now, count, random=secrets.randbits(21))


def new_id(now: datetime) -> int:
    """An id for a row that is appended now."""
    return tokens.ordered_id(now, random=secrets.randbits(21))
