"""What one session does to one card: the outcome, and the statements that make it so."""

import secrets
from typing import Any

from loyalty.base import exempt
from loyalty.base.states import SessionStatus
from loyalty.cards.facts import CounterFacts
from loyalty.cards.view import (
    AT_MOST,
    CardView,
    CollectOutcome,
    ProgressView,
    TierCredit,
    TierView,
)
from loyalty.counting.activity import later
from loyalty.counting.sale import CountedSale
from loyalty.db.ids import new_id, new_ids
from loyalty.db.roundtrip import Query, delete, insert, update
from loyalty.earning.credit_values import (
    NewBonus,
    SessionCredit,
    bonus_values,
    card_values,
    event_values,
    ledger_values,
    standing_values,
)
from loyalty.earning.decide_sale import expires_at
from loyalty.earning.facts import CollectFacts, session_and_card
from loyalty.levels.points import KeptPoints
from loyalty.levels.view import LevelView, StreakView
from loyalty.log.lines import line_query
from loyalty.models import (
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    LedgerEntry,
    QueuedSession,
)

Statements = list[Query[Any]]


@exempt.asked_already("part of a collect, and of a sign-in that grants what waited")
def credit_session(
    facts: CollectFacts, counted_sale: CountedSale, *, customer_id: int
) -> tuple[CollectOutcome, Statements]:
    """The answer to a collect that was decided (`decide_sale`), and its writes.

    For the caller's transaction.
    """
    session, card = session_and_card(facts)
    change = SessionCredit(
        session=session,
        card=card,
        customer=facts.customer,
        counted_sale=counted_sale,
        raised=_raised(facts, counted_sale),
        customer_id=customer_id,
        # Random, not counted: it stands in the ledger and in the address of the card's page.
        card_id=card.card_id or secrets.randbits(62),
        version=card.version + 1,
        event_id=new_id(facts.now),
        at=facts.at,
        now=facts.now,
        kept=_kept(facts, counted_sale),
        levels_set_by=facts.person.levels.set_by,
    )
    outcome = _outcome(change, facts)
    return outcome, _rows(change, outcome, was_queued=facts.queued is not None)


def _raised(facts: CollectFacts, counted_sale: CountedSale) -> list[NewBonus]:
    _, card = session_and_card(facts)
    numbers = new_ids(facts.now, len(counted_sale.rewards))
    return [
        NewBonus(number, each, facts.at, expires_at(each.gift, card.rules, at=facts.at))
        for number, each in zip(numbers, counted_sale.rewards, strict=True)
    ]


def _outcome(change: SessionCredit, facts: CollectFacts) -> CollectOutcome:
    earned = tuple(each.view for each in change.raised)
    level_change, card = change.counted_sale.level_change, change.counted_sale.visit_result.card
    return CollectOutcome(
        session_id=change.session.id,
        units=change.units,
        per_tier=_per_tier(change),
        points=level_change.points,
        bonuses=earned,
        at=change.at,
        card=CardView(
            id=change.card_id,
            version=change.version,
            program_id=change.session.program_id,
            points=change.card.points + level_change.points,
            created_at=change.created_at,
            last_visit_at=change.last_visit_at,
            bonuses=(*change.card.waiting, *earned)[:AT_MOST],
            progress=_progress(change),
            streak=StreakView.of(card.streak, change.promised.switches, now=facts.now),
            level=_level(change, facts),
        ),
    )


def _kept(facts: CollectFacts, counted_sale: CountedSale) -> KeptPoints | None:
    person = facts.person
    if not person.levels.level_table.levels:
        return None
    return KeptPoints(counted_sale.level_change.activity, person.visits + 1, person.levels.numbers)


def _level(change: SessionCredit, facts: CollectFacts) -> LevelView | None:
    level_change, level_table = change.counted_sale.level_change, facts.person.levels.level_table
    # A visit of days ago may have left a short period already.
    given = sorted(
        [*facts.person.past.given, level_change.given(facts.at)], key=lambda each: each.at
    )
    return LevelView.of(
        level_change.level_status,
        later(level_change.activity, given, level_table, at=facts.now),
        level_table,
    )


def _per_tier(change: SessionCredit) -> tuple[TierCredit, ...]:
    units = change.session.per_counter
    if None in units:
        return ()
    return tuple(
        TierCredit(tier, units[tier.id])
        for each in change.card.counters
        if (tier := _tier(each)) is not None and tier.id in units
    )


def _progress(change: SessionCredit) -> tuple[ProgressView, ...]:
    # A matched program shows every tier, any other its one counter, whatever was counted now.
    after = change.counted_sale.visit_result.card.balances
    matched, threshold = change.card.mechanic.is_matched, change.promised.mechanic.threshold
    return tuple(
        ProgressView(_tier(each), after[each.tier_id].open, after[each.tier_id].debt, threshold)
        for each in change.card.counters
        if (each.tier_id is not None) == matched
    )


def _tier(counter: CounterFacts) -> TierView | None:
    if counter.tier_id is None:
        return None
    return TierView(counter.tier_id, counter.tier_name or "", counter.tier_rank or 0)


def _rows(change: SessionCredit, outcome: CollectOutcome, *, was_queued: bool) -> Statements:
    """All statements of this credit, in the order that foreign keys ask for."""
    return [
        _session_row(change, outcome),
        *([delete(QueuedSession, change.session.id)] if was_queued else []),
        *_card_rows(change),
        *_standing_row(change),
        line_query(event_values(change)),
        *(insert(Bonus, **bonus_values(change, raised)) for raised in change.raised),
        *_ledger_rows(change),
        *_budget_row(change),
    ]


def _session_row(change: SessionCredit, outcome: CollectOutcome) -> Query[Any]:
    return update(
        EarnSession,
        change.session.id,
        status=SessionStatus.COLLECTED.value,
        customer_id=change.customer_id,
        collected_at=change.at,
        outcome=outcome.stored(),
        judged_by_id=change.card.rules.promise_id,
        points=change.counted_sale.sale.points,
        points_given=change.counted_sale.level_change.points,
    )


def _card_rows(change: SessionCredit) -> Statements:
    card = change.card
    counters = [
        _counter_row(change, each)
        for each in card.counters
        if each.tier_id in change.counted_sale.visit_result.credits
    ]
    if card.card_id is not None:
        return [update(Card, card.card_id, **card_values(change)), *counters]
    made = insert(
        Card,
        id=change.card_id,
        customer_id=change.customer_id,
        program_id=change.session.program_id,
        created_at=change.created_at,
        **card_values(change),
    )
    return [made, *counters]


def _counter_row(change: SessionCredit, counter: CounterFacts) -> Query[Any]:
    after = change.counted_sale.visit_result.card.balances[counter.tier_id]
    balance = {"open": after.open, "debt": after.debt}
    if counter.id is not None:
        return update(Counter, counter.id, **balance)
    return insert(Counter, card_id=change.card_id, tier_id=counter.tier_id, **balance)


def _standing_row(change: SessionCredit) -> Statements:
    after = change.counted_sale.level_change.level_status
    if change.customer is None or change.customer.level_status == after:
        return []
    return [update(Customer, change.customer_id, **standing_values(after))]


def _budget_row(change: SessionCredit) -> Statements:
    paid = change.counted_sale.budgeted
    if not change.is_budgeted or not paid:
        return []
    # Last, for it is the one row that many customers share; its CHECK refuses what is too much.
    return [
        Query(
            "UPDATE loyalty_programbudget SET bonuses = bonuses + %s, worth = worth + %s"
            " WHERE program_id = %s",
            [len(paid), sum(each.gift.worth for each in paid), change.session.program_id],
        )
    ]


def _ledger_rows(change: SessionCredit) -> Statements:
    entries = ledger_values(change)
    numbers = new_ids(change.now, len(entries))
    return [
        insert(LedgerEntry, id=number, **entry)
        for number, entry in zip(numbers, entries, strict=True)
    ]
