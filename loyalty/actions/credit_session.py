"""What one session does to one card: the outcome, and the statements that make it so."""

import secrets
from typing import Any

from loyalty.actions.credit_rows import Change, Counted, new_id, new_ids, rows_of
from loyalty.errors import Refused
from loyalty.queries.collect_facts import (
    CardFacts,
    CollectFacts,
    CounterFacts,
    SessionFacts,
    decided,
)
from loyalty.rules.completion import credit
from loyalty.rules.units import earned as earned_by
from loyalty.rules.units import total
from loyalty.trip import Ask
from loyalty.values import Mode, Sale

Outcome = dict[str, Any]
Statements = list[Ask[Any]]


def credit_session(facts: CollectFacts, *, customer_id: int) -> tuple[Outcome, Statements]:
    """The stored answer to this collect and its writes, for the caller's transaction.

    A session that was queued is decided as at its scan, one shown now as at the clock.
    """
    session, card = decided(facts)
    change = Change(
        session=session,
        card=card,
        counted=_count(facts, session, card),
        customer_id=customer_id,
        # Random, not counted: it stands in the ledger and in the address of the card's page.
        card_id=card.card_id or secrets.randbits(62),
        version=(card.card_version or 0) + 1,
        event_id=new_id(facts.now),
        at=facts.queued.scanned_at if facts.queued else facts.now,
        now=facts.now,
    )
    filled = [each.counter for each in change.counted for _ in range(each.credit.completed)]
    earned = [
        _earned(change, counter, number)
        for counter, number in zip(filled, new_ids(facts.now, len(filled)), strict=True)
    ]
    outcome = _outcome(change, earned, facts)
    return outcome, rows_of(change, outcome, was_queued=facts.queued is not None)


def _count(facts: CollectFacts, session: SessionFacts, card: CardFacts) -> list[Counted]:
    units = _kept(session, card)
    return [
        Counted(
            counter,
            credit(
                open_units=counter.open,
                debt=counter.debt,
                units=units[counter.tier_id],
                threshold=card.mechanic.threshold,
                surplus=card.mechanic.surplus,
            ),
        )
        for counter in facts.counters
        if counter.tier_id in units
    ]


def _kept(session: SessionFacts, card: CardFacts) -> dict[int | None, int]:
    # The sale was counted under the newest version; a card that started under a kinder one gets
    # what that would have given.
    units = session.per_counter
    if card.promise_id == session.version_id or session.tier_units is not None:
        return units
    sale = Sale(quantity=session.quantity, amount=session.amount)
    try:
        promised = total(earned_by(card.mechanic, sale, {}))
    except Refused:
        return units
    return {None: max(promised, session.units)}


def _outcome(change: Change, earned: list[Outcome], facts: CollectFacts) -> Outcome:
    return {
        "session": change.session.id,
        "units": change.units,
        "per_tier": _per_tier(change),
        "points": change.session.points,
        "bonuses": earned,
        "at": change.at.isoformat(),
        "card": {
            "id": change.card_id,
            "version": change.version,
            "program": change.session.program_id,
            "points": (change.card.points or 0) + change.session.points,
            "bonuses": [*facts.waiting, *earned][:100],
            "progress": _progress(change, facts.counters),
        },
    }


def _per_tier(change: Change) -> list[Outcome]:
    units = change.session.per_counter
    return [
        {**_tier(each.counter), "units": units[each.counter.tier_id]}
        for each in change.counted
        if each.counter.tier_id is not None
    ]


def _progress(change: Change, counters: list[CounterFacts]) -> list[Outcome]:
    # A matched program shows every tier, any other its one counter, whatever was counted now.
    after = {each.counter.tier_id: each.credit for each in change.counted}
    matched = change.card.mechanic.is_matched
    return [
        {
            **_tier(counter),
            "open": after[counter.tier_id].open if counter.tier_id in after else counter.open,
            "debt": after[counter.tier_id].debt if counter.tier_id in after else counter.debt,
            "threshold": change.card.mechanic.threshold,
        }
        for counter in counters
        if (counter.tier_id is not None) == matched
    ]


def _tier(counter: CounterFacts) -> Outcome:
    if counter.tier_id is None:
        return {"tier": None}
    return {"tier": {"id": counter.tier_id, "name": counter.tier_name, "rank": counter.tier_rank}}


def _earned(change: Change, counter: CounterFacts, number: int) -> Outcome:
    card = change.card
    is_menu = card.mechanic.mode is Mode.TIERED
    return {
        "id": number,
        "title": card.program_name if is_menu else card.bonus_title,
        "source": "card",
        "product": None if is_menu else card.product_id,
        "tier": counter.tier_id,
        "expires_at": None,
    }
