"""A person's points at one moment: all that the next visit must know of the earlier ones.

A visit adds its points; with the time that passes, older visits leave the period. Each of them
leaves once, so that a thousand visits cost the next one no more than ten do.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from loyalty.counting.level_table import LevelTable, VisitPoints

_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class Activity:
    """The points that count at `at`, and until when there were enough of them for each level.

    `until`, the lowest level first, is None where there are enough now, or were not within the
    grace period. `at` None: there was no visit yet.
    """

    at: datetime | None = None
    points: int = 0
    until: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True)
class PastVisits:
    """The activity right after the latest visit, and visits in the order of their times.

    Those `given` are at least the ones that left the period since then; for a visit that comes to
    light behind the latest one, all that its moment looks back to, and all later ones.
    """

    latest: Activity = Activity()
    given: Sequence[VisitPoints] = ()


def past_at(
    given: Sequence[VisitPoints], latest: Activity, level_table: LevelTable, *, at: datetime
) -> PastVisits:
    """What a visit at this moment must know of all those given, in the order of their times."""
    if latest.at is None:
        return PastVisits(latest, given)
    if at < latest.at:
        return PastVisits(latest, given[bisect_right(given, at - level_table.memory, key=_at) :])
    # Only what left the period since the latest visit: somebody may have thousands.
    first = bisect_right(given, latest.at - level_table.period, key=_at)
    last = bisect_right(given, at - level_table.period, key=_at)
    return PastVisits(latest, given[first:last])


def later(
    before: Activity, given: Iterable[VisitPoints], level_table: LevelTable, *, at: datetime
) -> Activity:
    """The activity at a later moment, when no visit was between.

    Of those `given`, in the order of their times, the ones that left the period meanwhile matter.
    """
    if before.at is None:
        return Activity(at, 0, (None,) * len(level_table.levels))
    points, until = before.points, list(before.until)
    for each in given:
        if not before.at - level_table.period < each.at <= at - level_table.period:
            continue
        for number, level in enumerate(level_table.levels):
            if points - each.points < level.threshold <= points:
                until[number] = each.at + level_table.period
        points -= each.points
    kept = (end if end and end > at - level_table.grace else None for end in until)
    return Activity(at, points, tuple(kept))


def with_points(now: Activity, points: int, level_table: LevelTable) -> Activity:
    """The activity with a visit of this very moment."""
    total = now.points + points
    until = (
        None if total >= level.threshold else end
        for level, end in zip(level_table.levels, now.until, strict=True)
    )
    return replace(now, points=total, until=tuple(until))


def counted(given: Iterable[VisitPoints], level_table: LevelTable, *, at: datetime) -> Activity:
    """The activity at this moment, counted from visits alone: those within the table's memory."""
    now, inside = Activity(), deque[VisitPoints]()
    for each in sorted(given, key=lambda one: one.at):
        if at - level_table.memory < each.at <= at:
            gone = leaving(inside, level_table, at=each.at)
            now = with_points(later(now, gone, level_table, at=each.at), each.points, level_table)
            inside.append(each)
    return later(now, leaving(inside, level_table, at=at), level_table, at=at)


def leaving(
    inside: deque[VisitPoints], level_table: LevelTable, *, at: datetime
) -> list[VisitPoints]:
    """Takes the visits out that do not count any more at this moment."""
    gone = []
    while inside and inside[0].at <= at - level_table.period:
        gone.append(inside.popleft())
    return gone


def level_index_reached(activity: Activity, level_table: LevelTable) -> int:
    """The index of the highest level whose points are there, or were within the grace period."""
    pairs = zip(level_table.levels, activity.until, strict=False)
    return sum(activity.points >= level.threshold or end is not None for level, end in pairs)
