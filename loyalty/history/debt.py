"""What a card owes when bonuses that were used lose the sale that raised them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from loyalty.base.states import BonusSource
from loyalty.history.replay import CardHistory, RaisedBonus
from loyalty.history.steps import UndoDebt


def debt(
    card_id: int,
    used: Iterable[RaisedBonus],
    *,
    before: CardHistory,
    after: CardHistory,
    at: datetime,
) -> UndoDebt:
    """What the card owes for these: the units that its completions took, and the next streaks."""
    mine = [each.earned_reward for each in used if each.card_id == card_id]
    kept = Counter(each.tier_id for each in mine if each.source == BonusSource.CARD)
    return UndoDebt(
        card_id,
        at,
        units={
            tier: count * _price(card_id, tier, before=before, after=after)
            for tier, count in kept.items()
        },
        bonuses=kept.total(),
        cards=kept,
        streaks=sum(each.source == BonusSource.STREAK for each in mine),
    )


def _price(card_id: int, tier: int | None, *, before: CardHistory, after: CardHistory) -> int:
    # What each of the completions that are gone had taken.
    key = (card_id, tier)
    consumed = before.consumed[key] - after.consumed[key]
    lost = sum(
        sign
        for history, sign in ((before, 1), (after, -1))
        for each in history.raised
        if each.key[:3] == (card_id, BonusSource.CARD, tier)
    )
    return consumed // lost if lost else 0
