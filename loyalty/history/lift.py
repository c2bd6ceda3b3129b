"""What a refund lifts: a debt for a bonus that, after all, nobody has had.

The debt is lifted where it arose, so that all ends as if the bonus had been put back first and its
sale taken back then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from loyalty.base.states import BonusSource
from loyalty.events.debts import DebtLift
from loyalty.history.steps import Step, UndoDebt


def lifts(
    steps: Iterable[Step], *, card_id: int, source: str, tier_id: int | None, occasion: str
) -> list[DebtLift]:
    """What is lifted for a bonus of this kind: the newest debt that one of its kind left.

    What was sold since an older one has paid for it, and must not raise a bonus beside a debt. For
    an occasion all that is said of it goes, since a person has it once.
    """
    owed = [step for step in steps if isinstance(step, UndoDebt)]
    if occasion:
        return [DebtLift(each.event, occasion=occasion) for each in owed if occasion in each.kept]
    mine = [each for each in owed if each.card_id == card_id]
    found = _of_streak(mine) if source == BonusSource.STREAK else _of_card(mine, tier_id)
    return found[-1:]


def lifted(steps: Sequence[Step], done: Sequence[DebtLift]) -> list[Step]:
    """The steps, without what was lifted."""
    return [less(step, done) if isinstance(step, UndoDebt) else step for step in steps]


def less(owed: UndoDebt, done: Iterable[DebtLift]) -> UndoDebt:
    """What is left of a debt."""
    for each in done:
        if each.event == owed.event:
            owed = _less(owed, each)
    return owed


def _less(owed: UndoDebt, lift: DebtLift) -> UndoDebt:
    cards = {tier: count - (tier in lift.units) for tier, count in owed.cards.items()}
    units = {tier: owing - lift.units.get(tier, 0) for tier, owing in owed.units.items()}
    return replace(
        owed,
        units={tier: owing for tier, owing in units.items() if owing},
        bonuses=owed.bonuses - len(lift.units),
        cards={tier: count for tier, count in cards.items() if count},
        streaks=owed.streaks - lift.streaks,
        kept={what: card for what, card in owed.kept.items() if what != lift.occasion},
    )


def _of_streak(owed: Iterable[UndoDebt]) -> list[DebtLift]:
    return [DebtLift(each.event, streaks=1) for each in owed if each.streaks]


def _of_card(owed: Iterable[UndoDebt], tier_id: int | None) -> list[DebtLift]:
    return [
        DebtLift(each.event, {tier_id: each.units[tier_id] // _count(each, tier_id)})
        for each in owed
        if each.units.get(tier_id)
    ]


def _count(owed: UndoDebt, tier_id: int | None) -> int:
    # Lines from before the log counted by counter: each of the bonuses had cost the same.
    price = max(1, sum(owed.units.values()) // max(1, owed.bonuses))
    return owed.cards.get(tier_id) or max(1, owed.units[tier_id] // price)
