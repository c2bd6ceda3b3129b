"""Points and levels counted from all visits, each time again: what the short way must equal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from loyalty.counting.level_table import WHOLE, LevelTable, VisitPoints
from loyalty.counting.levels import LevelStatus


def points_in(given: Sequence[VisitPoints], level_table: LevelTable, *, at: datetime) -> int:
    """The points of the period that ends at this moment."""
    return sum(each.points for each in given if at - level_table.period < each.at <= at)


def level_index_in(given: Sequence[VisitPoints], level_table: LevelTable, *, at: datetime) -> int:
    """The highest level that was there at some moment of the grace period."""
    start = at - level_table.grace
    moments = [start, at, *(each.at for each in given if start < each.at <= at)]
    most = max(points_in(given, level_table, at=moment) for moment in moments)
    return sum(level.threshold <= most for level in level_table.levels)


def climbed(
    level_status: LevelStatus,
    given: Sequence[VisitPoints],
    level_table: LevelTable,
    *,
    base: int,
    at: datetime,
) -> tuple[int, LevelStatus]:
    """The points of a visit and the standing after it, of a ladder without a limit on rises."""
    then = min(level_status.level_index, level_index_in(given, level_table, at=at))
    points = base * (level_table.levels[then - 1].percent if then else WHOLE) // WHOLE
    latest = max([at, *(each.at for each in given)])
    before = min(level_status.level_index, level_index_in(given, level_table, at=latest))
    after = level_index_in([*given, VisitPoints(at, points)], level_table, at=latest)
    return points, replace(level_status, level_index=max(before, after))
