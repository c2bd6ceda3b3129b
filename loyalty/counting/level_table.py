"""The levels of a business, and what its visits give towards them (SPEC section 5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Rung:
    """One level: reached with so many points; points count `percent` % while it is held."""

    id: int
    name: str
    threshold: int
    percent: int = WHOLE


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels, the lowest first, and how points count.

    Points count for `period`; who once had enough keeps the level for `grace` longer. Beyond
    `most_rises` within `rises_within` a rise is held for review (None: never).
    """

    rungs: tuple[Rung, ...] = ()
    period: timedelta = timedelta(days=365)
    grace: timedelta = timedelta(days=30)
    most_rises: int | None = None
    rises_within: timedelta = timedelta(days=30)

    @property
    def memory(self) -> timedelta:
        """How long ago a visit may lie and still matter."""
        return self.period + self.grace


@dataclass(frozen=True, slots=True)
class Given:
    """The points that one visit gave."""

    at: datetime
    points: int
