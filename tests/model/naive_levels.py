"""Levels as the naive model counts them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.model.history import House


@dataclass(frozen=True)
class Points:
    """What one visit gave."""

    at: datetime
    count: int


@dataclass
class Standing:
    """The level that was let count, each rise to one, and until when a manager trusts them."""

    level: int = 0
    rises: list[datetime] = field(default_factory=list)
    trusted_at: datetime | None = None
    # The latest rise waits for a manager.
    is_held: bool = False

    def is_too_fast(self, house: House, at: datetime) -> bool:
        """Whether there were as many rises as there may be, shortly before or after."""
        if house.most_rises is None:
            return False
        trusted, within = self.trusted_at, timedelta(days=house.rises_within_days)
        if trusted is not None and at <= trusted:
            return False
        counted = [each for each in self.rises if trusted is None or each > trusted]
        return sum(abs(each - at) < within for each in counted) >= house.most_rises


def points_at(given: Sequence[Points], house: House, moment: datetime) -> int:
    """The points of the rolling period that ends at this moment."""
    period = timedelta(days=house.period_days)
    return sum(each.count for each in given if moment - period < each.at <= moment)


def level_at(given: Sequence[Points], house: House, at: datetime) -> int:
    """The level held (0: none): enough points now, or lately enough that the grace still runs."""
    grace = timedelta(days=house.grace_days)
    moments = [at, at - grace] + [each.at for each in given if at - grace <= each.at <= at]
    level = 0
    for moment in moments:
        for number, rung in enumerate(house.rungs, start=1):
            if points_at(given, house, moment) >= rung.threshold:
                level = max(level, number)
    return level
