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

from loyalty.counting.level_table import Given, Ladder

_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class Activity:
    """The points that count at `at`, and until when there were enough of them for each rung.

    `until`, the lowest rung first, is None where there are enough now, or were not within the
    grace period. `at` None: there was no visit yet.
    """

    at: datetime | None = None
    points: int = 0
    until: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """The activity right after the latest visit, and visits in the order of their times.

    Those `given` are at least the ones that left the period since then; for a visit that comes to
    light behind the latest one, all that its moment looks back to, and all later ones.
    """

    latest: Activity = Activity()
    given: Sequence[Given] = ()


def past_at(given: Sequence[Given], latest: Activity, ladder: Ladder, *, at: datetime) -> Past:
    """What a visit at this moment must know of all those given, in the order of their times."""
    if latest.at is None:
        return Past(latest, given)
    if at < latest.at:
        return Past(latest, given[bisect_right(given, at - ladder.memory, key=_at) :])
    # Only what left the period since the latest visit: somebody may have thousands.
    first = bisect_right(given, latest.at - ladder.period, key=_at)
    last = bisect_right(given, at - ladder.period, key=_at)
    return Past(latest, given[first:last])


def later(before: Activity, given: Iterable[Given], ladder: Ladder, *, at: datetime) -> Activity:
    """The activity at a later moment, when no visit was between.

    Of those `given`, in the order of their times, the ones that left the period meanwhile matter.
    """
    if before.at is None:
        return Activity(at, 0, (None,) * len(ladder.rungs))
    points, until = before.points, list(before.until)
    for each in given:
        if not before.at - ladder.period < each.at <= at - ladder.period:
            continue
        for number, rung in enumerate(ladder.rungs):
            if points - each.points < rung.threshold <= points:
                until[number] = each.at + ladder.period
        points -= each.points
    kept = (end if end and end > at - ladder.grace else None for end in until)
    return Activity(at, points, tuple(kept))


def with_points(now: Activity, points: int, ladder: Ladder) -> Activity:
    """The activity with a visit of this very moment."""
    total = now.points + points
    until = (
        None if total >= rung.threshold else end
        for rung, end in zip(ladder.rungs, now.until, strict=True)
    )
    return replace(now, points=total, until=tuple(until))


def counted(given: Iterable[Given], ladder: Ladder, *, at: datetime) -> Activity:
    """The activity at this moment, counted from visits alone: those within the ladder's memory."""
    now, inside = Activity(), deque[Given]()
    for each in sorted(given, key=lambda one: one.at):
        if at - ladder.memory < each.at <= at:
            gone = leaving(inside, ladder, at=each.at)
            now = with_points(later(now, gone, ladder, at=each.at), each.points, ladder)
            inside.append(each)
    return later(now, leaving(inside, ladder, at=at), ladder, at=at)


def leaving(inside: deque[Given], ladder: Ladder, *, at: datetime) -> list[Given]:
    """Takes the visits out that do not count any more at this moment."""
    gone = []
    while inside and inside[0].at <= at - ladder.period:
        gone.append(inside.popleft())
    return gone


def rung_of(activity: Activity, ladder: Ladder) -> int:
    """The highest rung whose points are there, or were within the grace period."""
    pairs = zip(ladder.rungs, activity.until, strict=False)
    return sum(activity.points >= rung.threshold or end is not None for rung, end in pairs)
