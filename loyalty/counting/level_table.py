"""The levels of a business, and what its visits give towards them (docs/rules.md#levels)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WHOLE = 100


@dataclass(frozen=True, slots=True)
class LevelRule:
    """One level: reached with so many points; points count `percent` % while it is held."""

    id: int
    name: str
    threshold: int
    percent: int = WHOLE


@dataclass(frozen=True, slots=True)
class LevelTable:
    """The levels, the lowest first, and how points count.

    Points count for `period`; who once had enough keeps the level for `grace` longer. Beyond
    `most_rises` within `rises_within` a rise is held for review (None: never).
    """

    levels: tuple[LevelRule, ...] = ()
    period: timedelta = timedelta(days=365)
    grace: timedelta = timedelta(days=30)
    most_rises: int | None = None
    rises_within: timedelta = timedelta(days=30)

    @property
    def memory(self) -> timedelta:
        """How long ago a visit may lie and still matter."""
        return self.period + self.grace


@dataclass(frozen=True, slots=True)
class VisitPoints:
    """The points that one visit gave."""

    at: datetime
    points: int
