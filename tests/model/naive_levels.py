"""Levels as the naive model counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.model.history import House


@dataclass(frozen=True)
class Points:
    """What one visit gave."""

    at: datetime
    count: int


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
