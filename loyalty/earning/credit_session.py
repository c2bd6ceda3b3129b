"""What one session does to one card: the outcome, and the statements that make it so."""

import secrets
from typing import Any

from loyalty.cards.facts import CounterFacts
from loyalty.counting.activity import later
from loyalty.counting.sale import CountedSale
from loyalty.db.ids import new_id, new_ids
from loyalty.db.roundtrip import Query
from loyalty.earning.credit_rows import rows_of
from loyalty.earning.credit_values import NewBonus, SessionCredit
from loyalty.earning.decide_sale import decide_sale, expires_at
from loyalty.earning.facts import CollectFacts, decided
from loyalty.levels.points import KeptPoints
from loyalty.levels.states import level_state, streak_state

Outcome = dict[str, Any]
Statements = list[Query[Any]]


def credit_session(facts: CollectFacts, *, customer_id: int) -> tuple[Outcome, Statements]:
    """The stored answer to this collect and its writes, for the caller's transaction.

    A session that was queued is decided as at its scan, one shown now as at the clock. Raises
    what a policy refuses (`decide_sale`).
    """
    session, card = decided(facts)
    counted_sale = decide_sale(facts)
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
        level_table=facts.person.levels.set_by,
    )
    outcome = _outcome(change, facts)
    return outcome, rows_of(change, outcome, was_queued=facts.queued is not None)


def _raised(facts: CollectFacts, counted_sale: CountedSale) -> list[NewBonus]:
    _, card = decided(facts)
    numbers = new_ids(facts.now, len(counted_sale.rewards))
    return [
        NewBonus(number, each, facts.at, expires_at(each.gift, card.rules, at=facts.at))
        for number, each in zip(numbers, counted_sale.rewards, strict=True)
    ]


def _outcome(change: SessionCredit, facts: CollectFacts) -> Outcome:
    earned = [each.state for each in change.raised]
    level_change, card = change.counted_sale.level_change, change.counted_sale.visit_result.card
    return {
        "session": change.session.id,
        "units": change.units,
        "per_tier": _per_tier(change),
        "points": level_change.points,
        "bonuses": earned,
        "at": change.at.isoformat(),
        "card": {
            "id": change.card_id,
            "version": change.version,
            "program": change.session.program_id,
            "points": change.card.points + level_change.points,
            "created_at": change.created_at.isoformat(),
            "last_visit_at": change.last_visit_at.isoformat(),
            "bonuses": [*change.card.waiting, *earned][:100],
            "progress": _progress(change),
            "streak": streak_state(card.streak, change.promised.switches, now=facts.now),
            "level": _level(change, facts),
        },
    }


def _kept(facts: CollectFacts, counted_sale: CountedSale) -> KeptPoints | None:
    person = facts.person
    if not person.levels.level_table.levels:
        return None
    return KeptPoints(counted_sale.level_change.activity, person.visits + 1, person.levels.numbers)


def _level(change: SessionCredit, facts: CollectFacts) -> Outcome | None:
    level_change, level_table = change.counted_sale.level_change, facts.person.levels.level_table
    # A visit of days ago may have left a short period already.
    given = sorted(
        [*facts.person.past.given, level_change.given(facts.at)], key=lambda each: each.at
    )
    return level_state(
        level_change.level_status,
        later(level_change.activity, given, level_table, at=facts.now),
        level_table,
    )


def _per_tier(change: SessionCredit) -> list[Outcome]:
    units = change.session.per_counter
    return [
        {**_tier(each), "units": units[each.tier_id]}
        for each in change.card.counters
        if each.tier_id is not None and each.tier_id in units
    ]


def _progress(change: SessionCredit) -> list[Outcome]:
    # A matched program shows every tier, any other its one counter, whatever was counted now.
    after = change.counted_sale.visit_result.card.balances
    matched = change.card.mechanic.is_matched
    return [
        {
            **_tier(counter),
            "open": after[counter.tier_id].open,
            "debt": after[counter.tier_id].debt,
            "threshold": change.promised.mechanic.threshold,
        }
        for counter in change.card.counters
        if (counter.tier_id is not None) == matched
    ]


def _tier(counter: CounterFacts) -> Outcome:
    if counter.tier_id is None:
        return {"tier": None}
    return {"tier": {"id": counter.tier_id, "name": counter.tier_name, "rank": counter.tier_rank}}
