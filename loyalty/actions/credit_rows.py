"""The rows that one credit writes."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from loyalty import tokens
from loyalty.actions.judge_visit import Judged
from loyalty.events import EventKind
from loyalty.models import (
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    Event,
    LedgerEntry,
    QueuedSession,
)
from loyalty.queries import person_facts
from loyalty.queries.card_facts import CardFacts, CounterFacts, voucher_state
from loyalty.queries.collect_facts import SessionFacts, policy_of
from loyalty.rules.occasions import Present
from loyalty.trip import Ask, delete, insert, update

Outcome = dict[str, Any]
Statements = list[Ask[Any]]


@dataclass(frozen=True, slots=True)
class Raised:
    """A bonus that this visit raises."""

    id: int
    present: Present
    expires_at: datetime | None

    @property
    def state(self) -> Outcome:
        """As outcomes and cards carry it."""
        gift = self.present.gift
        return {
            "id": self.id,
            "title": gift.title,
            "source": self.present.source,
            "product": gift.product_id,
            "tier": self.present.tier_id,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "voucher": (
                voucher_state(gift.percent, gift.amount, gift.text) if gift.is_voucher else None
            ),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One session meeting one card: `at` is the moment of the scan, `now` of the writing."""

    session: SessionFacts
    card: CardFacts
    customer: person_facts.Customer | None
    judged: Judged
    raised: list[Raised]
    customer_id: int
    card_id: int
    version: int
    event_id: int
    at: datetime
    now: datetime

    @property
    def units(self) -> int:
        """All units that the session gives this card."""
        counters = self.judged.visited.credits.values()
        entries = (entry for each in counters for entry in each.movements)
        return sum(entry.units for entry in entries if entry.kind == "earn")

    @property
    def promise_id(self) -> int:
        """The version whose numbers the card keeps: after a completion it is the newest one."""
        rules = self.card.rules
        return rules.current_id if self.judged.visited.completed else rules.promise_id

    @property
    def person(self) -> int | None:
        """Whom what is given once is given to."""
        return self.customer.person if self.customer else None


def rows_of(change: Change, outcome: Outcome, *, was_queued: bool) -> Statements:
    """All statements of this credit, in the order that foreign keys ask for."""
    return [
        _session_row(change, outcome),
        *([delete(QueuedSession, change.session.id)] if was_queued else []),
        *_card_rows(change),
        *_standing_row(change),
        _event_row(change),
        *(_bonus_row(change, raised) for raised in change.raised),
        *_ledger_rows(change),
        *_budget_row(change),
    ]


def _session_row(change: Change, outcome: Outcome) -> Ask[Any]:
    return update(
        EarnSession,
        change.session.id,
        status="collected",
        customer_id=change.customer_id,
        collected_at=change.at,
        outcome=outcome,
        judged_by_id=change.card.rules.promise_id,
        points_given=change.judged.climb.points,
    )


def _card_rows(change: Change) -> Statements:
    card, after = change.card, change.judged.visited.card
    state: dict[str, Any] = {
        "version": change.version,
        "visits": card.visits + 1,
        "points": card.points + change.judged.climb.points,
        "last_visit_at": after.last_at,
        "units_end_at": after.units_end_at,
        "promise_id": change.promise_id,
        "streak_days": after.streak.days,
        "streak_last_at": after.streak.last_at,
        "streak_freezes_used": after.streak.used,
        "streak_ends_at": after.streak.ends_at,
        "streaks_owed": after.streaks_owed,
    }
    counters = [
        _counter_row(change, each)
        for each in card.counters
        if each.tier_id in change.judged.visited.credits
    ]
    if card.card_id is not None:
        return [update(Card, card.card_id, **state), *counters]
    made = insert(
        Card,
        id=change.card_id,
        customer_id=change.customer_id,
        program_id=change.session.program_id,
        created_at=change.now,
        **state,
    )
    return [made, *counters]


def _counter_row(change: Change, counter: CounterFacts) -> Ask[Any]:
    after = change.judged.visited.card.balances[counter.tier_id]
    balance = {"open": after.open, "debt": after.debt}
    if counter.id is not None:
        return update(Counter, counter.id, **balance)
    return insert(Counter, card_id=change.card_id, tier_id=counter.tier_id, **balance)


def _standing_row(change: Change) -> Statements:
    after = change.judged.climb.standing
    if change.customer is None or change.customer.standing == after:
        return []
    return [
        update(
            Customer,
            change.customer_id,
            level_rung=after.rung,
            level_rises=Jsonb([each.isoformat() for each in after.rises]),
            level_held_at=after.held_at,
        )
    ]


def _budget_row(change: Change) -> Statements:
    paid = change.judged.budgeted
    if change.card.budget is None or not paid:
        return []
    # Last, for it is the one row that many customers share; its CHECK refuses what is too much.
    return [
        Ask(
            "UPDATE loyalty_programbudget SET bonuses = bonuses + %s, worth = worth + %s"
            " WHERE program_id = %s",
            [len(paid), sum(each.gift.worth for each in paid), change.session.program_id],
        )
    ]


def _event_row(change: Change) -> Ask[Any]:
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
        points=change.judged.climb.points,
        policy=policy_of(session),
        details=_details(change),
        customer_id=change.customer_id,
    )


def _details(change: Change) -> Outcome:
    found: Outcome = {"bonuses": [raised.id for raised in change.raised]}
    if change.judged.climb.is_held:
        found["level"] = "held"
    elif change.judged.climb.reached:
        found["level"] = change.judged.climb.reached[-1].id
    return found


def _bonus_row(change: Change, raised: Raised) -> Ask[Any]:
    present, gift = raised.present, raised.present.gift
    return insert(
        Bonus,
        id=raised.id,
        card_id=change.card_id,
        version_id=change.card.rules.promise_id,
        session_id=change.session.id,
        source=present.source,
        status="waiting",
        title=gift.title,
        product_id=gift.product_id,
        tier_id=present.tier_id,
        earned_at=change.at,
        expires_at=raised.expires_at,
        is_voucher=gift.is_voucher,
        percent=gift.percent,
        amount=gift.amount,
        text=gift.text,
        worth=gift.worth,
        level_id=present.level_id,
        person=change.person if present.occasion else None,
        occasion=present.occasion,
    )


def _ledger_rows(change: Change) -> Statements:
    movements = [
        (tier_id, movement)
        for tier_id, each in change.judged.visited.credits.items()
        for movement in each.movements
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
