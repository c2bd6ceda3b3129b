"""Activity points and the status that they reach (docs/rules.md#levels)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from loyalty.counting.activity import (
    Activity,
    PastVisits,
    counted,
    later,
    level_index_reached,
    with_points,
)
from loyalty.counting.level_table import WHOLE, LevelRule, LevelTable, VisitPoints

# A queued visit comes to light so much later at most; the rises around it are kept until then.
_LATE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class LevelStatus:
    """The level that was reached (0: none yet; 1: the lowest), when it rose, and what is held.

    What rose up to `approved_at` was approved by a manager: it is not held, and not counted.
    """

    level_index: int = 0
    rises: tuple[datetime, ...] = ()
    held_at: datetime | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LevelChange:
    """What one visit gives, the standing after it, and the levels newly reached.

    `activity` is that right after the latest visit, this one included. `was_held`: the rise had
    been held before this visit already.
    """

    points: int
    level_status: LevelStatus
    reached: tuple[LevelRule, ...] = ()
    is_held: bool = False
    was_held: bool = False
    activity: Activity = field(default_factory=Activity)

    def given(self, at: datetime) -> VisitPoints:
        """The visit as later ones see it."""
        return VisitPoints(at, self.points)


def level_index_now(level_status: LevelStatus, activity: Activity, level_table: LevelTable) -> int:
    """The level that counts at the activity's moment: what was reached, as long as it lasts."""
    return min(level_status.level_index, level_index_reached(activity, level_table))


def is_rise_on_hold(level_status: LevelStatus, activity: Activity, level_table: LevelTable) -> bool:
    """True while a rise is held: the points reach higher than the level that counts."""
    if level_status.held_at is None:
        return False
    return level_index_reached(activity, level_table) > level_index_now(
        level_status, activity, level_table
    )


def rises_near(
    rises: Iterable[datetime], level_status: LevelStatus, level_table: LevelTable, *, at: datetime
) -> int:
    """How many of these rises the limit counts against one at this moment."""
    # On both sides: a visit that comes to light late must not squeeze in before a later rise.
    near = [rise for rise in rises if abs(rise - at) < level_table.rises_within]
    if level_status.approved_at:
        near = [rise for rise in near if rise > level_status.approved_at]
    return len(near)


def change_level(  # noqa: PLR0913  what a rise rests on
    level_status: LevelStatus,
    past: PastVisits,
    level_table: LevelTable,
    *,
    base: int,
    at: datetime,
    elsewhere: int = 0,
) -> LevelChange:
    """One visit worth `base` points; `past` are the others, of which later ones may exist.

    `elsewhere` are the rises near it that the person's other addresses had (`rises_near`). A queued
    visit counts with the level of its own moment, and lifts the standing of today.
    """
    if not level_table.levels:
        return LevelChange(
            base, replace(level_status, level_index=0) if level_status.level_index else level_status
        )
    latest = past.latest.at
    if latest is None or at >= latest:
        now = later(past.latest, past.given, level_table, at=at)
        before, was_held = (
            level_index_now(level_status, now, level_table),
            is_rise_on_hold(level_status, now, level_table),
        )
        points = _points(base, before, level_table)
        activity, latest = with_points(now, points, level_table), at
    else:
        then = counted(past.given, level_table, at=at)
        points = _points(base, level_index_now(level_status, then, level_table), level_table)
        before = level_index_now(level_status, past.latest, level_table)
        was_held = is_rise_on_hold(level_status, past.latest, level_table)
        activity = counted((*past.given, VisitPoints(at, points)), level_table, at=latest)
    levels = (before, level_index_reached(activity, level_table))
    is_too_fast = _is_too_fast(level_status, level_table, at=at, elsewhere=elsewhere)
    risen = _risen(level_status, level_table, levels, at=at, latest=latest, is_too_fast=is_too_fast)
    return replace(risen, points=points, activity=activity, was_held=was_held)


def change_imported_level(  # noqa: PLR0913  as `change_level`
    level_status: LevelStatus,
    past: PastVisits,
    level_table: LevelTable,
    *,
    base: int,
    at: datetime,
    elsewhere: int = 0,  # noqa: ARG001  no limit looks at them
) -> LevelChange:
    """The same for a visit from another system, for which the limit on rises does not hold.

    Its rise is neither held for review nor counted against later ones; what is held already goes
    on waiting.
    """
    rise = change_level(level_status, past, replace(level_table, most_rises=None), base=base, at=at)
    if not rise.reached:
        return rise
    if level_status.held_at is not None and level_table.most_rises is not None:
        before = rise.level_status.level_index - len(rise.reached)
        return replace(rise, level_status=replace(level_status, level_index=before), reached=())
    return replace(rise, level_status=replace(rise.level_status, rises=level_status.rises))


def _points(base: int, held: int, level_table: LevelTable) -> int:
    return base * (level_table.levels[held - 1].percent if held else WHOLE) // WHOLE


def _risen(  # noqa: PLR0913  the same
    level_status: LevelStatus,
    level_table: LevelTable,
    levels: tuple[int, int],
    *,
    at: datetime,
    latest: datetime,
    is_too_fast: bool,
) -> LevelChange:
    before, after = levels
    if after <= before:
        return LevelChange(0, replace(level_status, level_index=before))
    if is_too_fast:
        return LevelChange(0, replace(level_status, level_index=before, held_at=at), is_held=True)
    since = latest - level_table.rises_within - _LATE
    rises = (*(rise for rise in level_status.rises if rise > since), at)
    risen = replace(level_status, level_index=after, rises=rises, held_at=None)
    return LevelChange(0, risen, reached=level_table.levels[before:after])


def _is_too_fast(
    level_status: LevelStatus, level_table: LevelTable, *, at: datetime, elsewhere: int
) -> bool:
    if level_table.most_rises is None or (
        level_status.approved_at and at <= level_status.approved_at
    ):
        return False
    return (
        rises_near(level_status.rises, level_status, level_table, at=at) + elsewhere
        >= level_table.most_rises
    )
