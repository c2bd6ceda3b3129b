"""What went with a sale that was taken back, as the log keeps it: numbers alone, no words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from loyalty.counting.visit import CardState
from loyalty.history.replay import CardHistory


@dataclass(frozen=True, slots=True)
class CounterDebt:
    """Units of one counter that the next ones pay; `tier_id` None is the only counter."""

    tier_id: int | None
    units: int


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number before and after; of levels their ids, None for no level."""

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What an undo did besides the units and points of its own sale.

    `gone` bonuses were taken away, `kept` ones were used already and stay given, `new` ones came
    instead (ids). `cards` full cards are open again; the sessions `fills` fill a card where others
    had done so. `owed` are the debts that rose. `points` are those of other sales on this card,
    with their sign, and `gained` what some of them gained of it; `elsewhere` those on other cards.
    `promise` is the version whose numbers the card has.
    """

    gone: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    new: tuple[int, ...] = ()
    cards: int = 0
    fills: tuple[int, ...] = ()
    owed: tuple[CounterDebt, ...] = ()
    points: int = 0
    gained: int = 0
    elsewhere: int = 0
    streak: NumberChange | None = None
    level: NumberChange | None = None
    is_rise_gone: bool = False
    promise: NumberChange | None = None


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


def stored(undone: UndoResult) -> dict[str, Any]:
    """As the log keeps it: what did not happen is left out."""
    return {name: value for name, value in asdict(undone).items() if value}


def from_stored(kept: Mapping[str, Any]) -> UndoResult:
    """What the log kept."""
    return UndoResult(
        gone=tuple(kept.get("gone", ())),
        kept=tuple(kept.get("kept", ())),
        new=tuple(kept.get("new", ())),
        cards=kept.get("cards", 0),
        fills=tuple(kept.get("fills", ())),
        owed=tuple(CounterDebt(**each) for each in kept.get("owed", ())),
        points=kept.get("points", 0),
        gained=kept.get("gained", max(0, kept.get("points", 0))),
        elsewhere=kept.get("elsewhere", 0),
        streak=_moved(kept.get("streak")),
        level=_moved(kept.get("level")),
        is_rise_gone=kept.get("is_rise_gone", False),
        promise=_moved(kept.get("promise")),
    )


def moved(before: int | None, after: int | None) -> NumberChange | None:
    """The two numbers, None when they are the same."""
    return None if before == after else NumberChange(before, after)


def _fills(history: CardHistory, card_id: int) -> Counter[int | None]:
    mine = (each for each in history.raised if each.card_id == card_id)
    return Counter(each.session_id for each in mine if each.earned_reward.source == "card")


def _level(history: CardHistory) -> int | None:
    level_index = history.level_status.level_index
    return history.level_table.levels[level_index - 1].id if level_index else None


def _moved(kept: Mapping[str, Any] | None) -> NumberChange | None:
    return NumberChange(**kept) if kept else None
