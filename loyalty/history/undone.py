"""In what two histories differ beside bonuses and units: streak, level, and sales that fill."""

from collections import Counter
from datetime import datetime

from loyalty.base.states import BonusSource
from loyalty.counting.visit import CardState
from loyalty.events.undone import NumberChange, UndoResult
from loyalty.history.replay import CardHistory


def standing_undone(
    before: CardHistory, after: CardHistory, *, card_id: int, now: datetime
) -> UndoResult:
    """Streak and level of two histories, where they differ."""
    days = [
        history.cards.get(card_id, CardState()).streak.shown(now) for history in (before, after)
    ]
    return UndoResult(
        streak=moved(*days),
        level=moved(_level(before), _level(after)),
        is_rise_gone=before.level_status.held_at is not None and after.level_status.held_at is None,
    )


def fills_instead(before: CardHistory, after: CardHistory, *, card_id: int) -> tuple[int, ...]:
    """The sessions that fill the card in the second history and did not in the first."""
    more = _fills(after, card_id) - _fills(before, card_id)
    return tuple(number for number in more if number is not None)


def moved(before: int | None, after: int | None) -> NumberChange | None:
    """The two numbers, None when they are the same."""
    return None if before == after else NumberChange(before, after)


def _fills(history: CardHistory, card_id: int) -> Counter[int | None]:
    mine = (each for each in history.raised if each.card_id == card_id)
    return Counter(
        each.session_id for each in mine if each.earned_reward.source == BonusSource.CARD
    )


def _level(history: CardHistory) -> int | None:
    level_index = history.level_status.level_index
    return history.level_table.levels[level_index - 1].id if level_index else None
