"""The rows that one credit writes."""

from typing import Any

from loyalty.base.states import SessionStatus
from loyalty.cards.facts import CounterFacts
from loyalty.cards.view import CollectOutcome
from loyalty.db.ids import new_ids
from loyalty.db.roundtrip import Query, delete, insert, update
from loyalty.earning.credit_values import (
    SessionCredit,
    bonus_values,
    card_values,
    event_values,
    ledger_values,
    standing_values,
)
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


def rows_of(change: SessionCredit, outcome: CollectOutcome, *, was_queued: bool) -> Statements:
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
