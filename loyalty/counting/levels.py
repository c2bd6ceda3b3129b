"""Activity points and the status that they reach (SPEC section 5)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from loyalty.counting.activity import Activity, Past, counted, later, rung_of, with_points
from loyalty.counting.level_table import WHOLE, Given, Ladder, Rung

# A queued visit comes to light so much later at most; the rises around it are kept until then.
_LATE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """The rung that was reached (0: none yet; 1: the lowest), when it rose, and what is held.

    What rose up to `trusted_at` was approved by a manager: it is not held, and not counted.
    """

    rung: int = 0
    rises: tuple[datetime, ...] = ()
    held_at: datetime | None = None
    trusted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Climb:
    """What one visit gives, the standing after it, and the rungs newly reached.

    `activity` is that right after the latest visit, this one included. `was_held`: the rise had
    been held before this visit already.
    """

    points: int
    standing: Standing
    reached: tuple[Rung, ...] = ()
    is_held: bool = False
    was_held: bool = False
    activity: Activity = field(default_factory=Activity)

    def given(self, at: datetime) -> Given:
        """The visit as later ones see it."""
        return Given(at, self.points)


def held_rung(standing: Standing, activity: Activity, ladder: Ladder) -> int:
    """The rung that counts at the activity's moment: what was reached, as long as it lasts."""
    return min(standing.rung, rung_of(activity, ladder))


def waits(standing: Standing, activity: Activity, ladder: Ladder) -> bool:
    """True while a rise is held: the points reach higher than the rung that counts."""
    if standing.held_at is None:
        return False
    return rung_of(activity, ladder) > held_rung(standing, activity, ladder)


def rises_near(
    rises: Iterable[datetime], standing: Standing, ladder: Ladder, *, at: datetime
) -> int:
    """How many of these rises the limit counts against one at this moment."""
    # On both sides: a visit that comes to light late must not squeeze in before a later rise.
    near = [rise for rise in rises if abs(rise - at) < ladder.rises_within]
    if standing.trusted_at:
        near = [rise for rise in near if rise > standing.trusted_at]
    return len(near)


def climb(  # noqa: PLR0913  what a rise rests on
    standing: Standing, past: Past, ladder: Ladder, *, base: int, at: datetime, elsewhere: int = 0
) -> Climb:
    """One visit worth `base` points; `past` are the others, of which later ones may exist.

    `elsewhere` are the rises near it that the person's other addresses had (`rises_near`). A queued
    visit counts with the level of its own moment, and lifts the standing of today.
    """
    if not ladder.rungs:
        return Climb(base, replace(standing, rung=0) if standing.rung else standing)
    latest = past.latest.at
    if latest is None or at >= latest:
        now = later(past.latest, past.given, ladder, at=at)
        before, was_held = held_rung(standing, now, ladder), waits(standing, now, ladder)
        points = _points(base, before, ladder)
        activity, latest = with_points(now, points, ladder), at
    else:
        then = counted(past.given, ladder, at=at)
        points = _points(base, held_rung(standing, then, ladder), ladder)
        before = held_rung(standing, past.latest, ladder)
        was_held = waits(standing, past.latest, ladder)
        activity = counted((*past.given, Given(at, points)), ladder, at=latest)
    rungs = (before, rung_of(activity, ladder))
    is_too_fast = _is_too_fast(standing, ladder, at=at, elsewhere=elsewhere)
    risen = _risen(standing, ladder, rungs, at=at, latest=latest, is_too_fast=is_too_fast)
    return replace(risen, points=points, activity=activity, was_held=was_held)


def climb_of_history(  # noqa: PLR0913  as `climb`
    standing: Standing,
    past: Past,
    ladder: Ladder,
    *,
    base: int,
    at: datetime,
    elsewhere: int = 0,  # noqa: ARG001  no limit looks at them
) -> Climb:
    """The same for a visit from another system, for which the limit on rises does not hold.

    Its rise is neither held for review nor counted against later ones; what is held already goes
    on waiting.
    """
    rise = climb(standing, past, replace(ladder, most_rises=None), base=base, at=at)
    if not rise.reached:
        return rise
    if standing.held_at is not None and ladder.most_rises is not None:
        before = rise.standing.rung - len(rise.reached)
        return replace(rise, standing=replace(standing, rung=before), reached=())
    return replace(rise, standing=replace(rise.standing, rises=standing.rises))


def _points(base: int, held: int, ladder: Ladder) -> int:
    return base * (ladder.rungs[held - 1].percent if held else WHOLE) // WHOLE


def _risen(  # noqa: PLR0913  the same
    standing: Standing,
    ladder: Ladder,
    rungs: tuple[int, int],
    *,
    at: datetime,
    latest: datetime,
    is_too_fast: bool,
) -> Climb:
    before, after = rungs
    if after <= before:
        return Climb(0, replace(standing, rung=before))
    if is_too_fast:
        return Climb(0, replace(standing, rung=before, held_at=at), is_held=True)
    since = latest - ladder.rises_within - _LATE
    rises = (*(rise for rise in standing.rises if rise > since), at)
    risen = replace(standing, rung=after, rises=rises, held_at=None)
    return Climb(0, risen, reached=ladder.rungs[before:after])


def _is_too_fast(standing: Standing, ladder: Ladder, *, at: datetime, elsewhere: int) -> bool:
    if ladder.most_rises is None or (standing.trusted_at and at <= standing.trusted_at):
        return False
    return rises_near(standing.rises, standing, ladder, at=at) + elsewhere >= ladder.most_rises
