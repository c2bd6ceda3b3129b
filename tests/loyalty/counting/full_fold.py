"""Points and levels counted from all visits, each time anew: what the short way must equal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from loyalty.counting.level_table import WHOLE, Given, Ladder
from loyalty.counting.levels import Standing


def points_in(given: Sequence[Given], ladder: Ladder, *, at: datetime) -> int:
    """The points of the period that ends at this moment."""
    return sum(each.points for each in given if at - ladder.period < each.at <= at)


def rung_in(given: Sequence[Given], ladder: Ladder, *, at: datetime) -> int:
    """The highest rung that was there at some moment of the grace period."""
    start = at - ladder.grace
    moments = [start, at, *(each.at for each in given if start < each.at <= at)]
    most = max(points_in(given, ladder, at=moment) for moment in moments)
    return sum(rung.threshold <= most for rung in ladder.rungs)


def climbed(
    standing: Standing, given: Sequence[Given], ladder: Ladder, *, base: int, at: datetime
) -> tuple[int, Standing]:
    """The points of a visit and the standing after it, of a ladder without a limit on rises."""
    then = min(standing.rung, rung_in(given, ladder, at=at))
    points = base * (ladder.rungs[then - 1].percent if then else WHOLE) // WHOLE
    latest = max([at, *(each.at for each in given)])
    before = min(standing.rung, rung_in(given, ladder, at=latest))
    after = rung_in([*given, Given(at, points)], ladder, at=latest)
    return points, replace(standing, rung=max(before, after))
