"""What went with a sale that was taken back, as the log keeps it: numbers alone, no words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from loyalty.counting.visit import CardState
from loyalty.history.replay import History


@dataclass(frozen=True, slots=True)
class Debt:
    """Units of one counter that the next ones pay; `tier_id` None is the only counter."""

    tier_id: int | None
    units: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A number before and after; of levels their ids, None for no level."""

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Undone:
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
    owed: tuple[Debt, ...] = ()
    points: int = 0
    gained: int = 0
    elsewhere: int = 0
    streak: Moved | None = None
    level: Moved | None = None
    is_rise_gone: bool = False
    promise: Moved | None = None


def standing_undone(before: History, after: History, *, card_id: int, now: datetime) -> Undone:
    """Streak and level of two histories, where they differ."""
    days = [
        history.cards.get(card_id, CardState()).streak.shown(now) for history in (before, after)
    ]
    return Undone(
        streak=moved(*days),
        level=moved(_level(before), _level(after)),
        is_rise_gone=before.standing.held_at is not None and after.standing.held_at is None,
    )


def fills_instead(before: History, after: History, *, card_id: int) -> tuple[int, ...]:
    """The sessions that fill the card in the second history and did not in the first."""
    more = _fills(after, card_id) - _fills(before, card_id)
    return tuple(number for number in more if number is not None)


def stored(undone: Undone) -> dict[str, Any]:
    """As the log keeps it: what did not happen is left out."""
    return {name: value for name, value in asdict(undone).items() if value}


def from_stored(kept: Mapping[str, Any]) -> Undone:
    """What the log kept."""
    return Undone(
        gone=tuple(kept.get("gone", ())),
        kept=tuple(kept.get("kept", ())),
        new=tuple(kept.get("new", ())),
        cards=kept.get("cards", 0),
        fills=tuple(kept.get("fills", ())),
        owed=tuple(Debt(**each) for each in kept.get("owed", ())),
        points=kept.get("points", 0),
        gained=kept.get("gained", max(0, kept.get("points", 0))),
        elsewhere=kept.get("elsewhere", 0),
        streak=_moved(kept.get("streak")),
        level=_moved(kept.get("level")),
        is_rise_gone=kept.get("is_rise_gone", False),
        promise=_moved(kept.get("promise")),
    )


def moved(before: int | None, after: int | None) -> Moved | None:
    """The two numbers, None when they are the same."""
    return None if before == after else Moved(before, after)


def _fills(history: History, card_id: int) -> Counter[int | None]:
    mine = (each for each in history.raised if each.card_id == card_id)
    return Counter(each.session_id for each in mine if each.present.source == "card")


def _level(history: History) -> int | None:
    rung = history.standing.rung
    return history.ladder.rungs[rung - 1].id if rung else None


def _moved(kept: Mapping[str, Any] | None) -> Moved | None:
    return Moved(**kept) if kept else None
