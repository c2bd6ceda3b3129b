"""What went with a sale that was taken back, as the log keeps it: numbers alone, no words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


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

    def stored(self) -> dict[str, Any]:
        """As the log keeps it: what did not happen is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any]) -> "UndoResult":
        """What the log kept."""
        return cls(
            gone=tuple(kept.get("gone", ())),
            kept=tuple(kept.get("kept", ())),
            new=tuple(kept.get("new", ())),
            cards=kept.get("cards", 0),
            fills=tuple(kept.get("fills", ())),
            owed=tuple(
                CounterDebt(each["tier_id"], each["units"]) for each in kept.get("owed", ())
            ),
            points=kept.get("points", 0),
            gained=kept.get("gained", max(0, kept.get("points", 0))),
            elsewhere=kept.get("elsewhere", 0),
            streak=_change(kept.get("streak")),
            level=_change(kept.get("level")),
            is_rise_gone=kept.get("is_rise_gone", False),
            promise=_change(kept.get("promise")),
        )


def _change(kept: Mapping[str, Any] | None) -> NumberChange | None:
    return NumberChange(kept["before"], kept["after"]) if kept else None
