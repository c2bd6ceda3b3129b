"""What a card owes after an undo, and what a refund lifts of it, as the log keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OwedFigures:
    """Units by counter, for so many bonuses that were used already; `cards` says how many each.

    `streaks` are bonuses of a streak that were used: the next ones pay for them.
    """

    units: Mapping[int | None, int] = field(default_factory=dict)
    bonuses: int = 0
    streaks: int = 0
    cards: Mapping[int | None, int] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As the log keeps it.

        Kept when empty too: anybody who counts again must know from when on a card owed what.
        """
        found: dict[str, Any] = {
            "units": list(self.units.items()),
            "bonuses": self.bonuses,
            "streaks": self.streaks,
        }
        return {**found, "cards": list(self.cards.items())} if self.cards else found

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any]) -> "OwedFigures":
        """What the log kept."""
        return cls(
            units=dict(kept.get("units", ())),
            bonuses=kept.get("bonuses", 0),
            streaks=kept.get("streaks", 0),
            cards=dict(kept.get("cards", ())),
        )


@dataclass(frozen=True, slots=True)
class DebtLift:
    """Of the debts that the line `event` left: units of a card, a streak's bonus, an occasion."""

    event: int
    units: Mapping[int | None, int] = field(default_factory=dict)
    streaks: int = 0
    occasion: str = ""

    def stored(self) -> dict[str, Any]:
        """As the log keeps it."""
        return {
            "event": self.event,
            "units": list(self.units.items()),
            "streaks": self.streaks,
            "occasion": self.occasion,
        }

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any]) -> "DebtLift":
        """What the log kept."""
        return cls(
            kept.get("event", 0),
            dict(kept.get("units", ())),
            kept.get("streaks", 0),
            kept.get("occasion", ""),
        )
