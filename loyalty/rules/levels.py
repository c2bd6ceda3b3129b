"""Activity points and the status that they reach (SPEC section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WHOLE = 100
# A queued visit comes to light so much later at most; the rises around it are kept until then.
_LATE = timedelta(days=60)


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
    """What one visit gives, the standing after it, and the rungs newly reached."""

    points: int
    standing: Standing
    reached: tuple[Rung, ...] = ()
    is_held: bool = False

    def given(self, at: datetime) -> Given:
        """The visit as later ones see it."""
        return Given(at, self.points)


def points_at(given: Sequence[Given], ladder: Ladder, *, at: datetime) -> int:
    """The points that count at this moment."""
    return sum(each.points for each in given if at - ladder.period < each.at <= at)


def earned_rung(given: Sequence[Given], ladder: Ladder, *, at: datetime) -> int:
    """The highest rung whose points were there at some moment of the grace period."""
    return _rung(_most_points(given, ladder, at=at)[0], ladder) if ladder.rungs else 0


def _rung(points: int, ladder: Ladder) -> int:
    return sum(rung.threshold <= points for rung in ladder.rungs)


def _most_points(given: Sequence[Given], ladder: Ladder, *, at: datetime) -> tuple[int, int]:
    """The most within the grace period, and those at this moment, each visit seen once.

    A period's sum only rises with a visit: between them it need not be looked at.
    """
    start = at - ladder.grace
    visits = sorted((each for each in given if each.at <= at), key=lambda each: each.at)
    most, total, first = points_at(visits, ladder, at=start), 0, 0
    for each in visits:
        total += each.points
        while visits[first].at <= each.at - ladder.period:
            total -= visits[first].points
            first += 1
        if each.at > start:
            most = max(most, total)
    while first < len(visits) and visits[first].at <= at - ladder.period:
        total -= visits[first].points
        first += 1
    return most, total


def held_rung(standing: Standing, given: Sequence[Given], ladder: Ladder, *, at: datetime) -> int:
    """The rung that counts now: what was reached, as long as the points are there."""
    return min(standing.rung, earned_rung(given, ladder, at=at))


def climb(
    standing: Standing, given: Sequence[Given], ladder: Ladder, *, base: int, at: datetime
) -> Climb:
    """One visit worth `base` points; `given` are the others, of which later ones may exist.

    A queued visit counts with the level of its own moment, and lifts the standing of today.
    """
    if not ladder.rungs:
        return Climb(base, replace(standing, rung=0) if standing.rung else standing)
    most, lately = _most_points(given, ladder, at=at)
    then = min(standing.rung, _rung(most, ladder))
    points = base * (ladder.rungs[then - 1].percent if then else WHOLE) // WHOLE
    latest = max([at, *(each.at for each in given)])
    if at == latest:
        before, after = then, _rung(max(most, lately + points), ladder)
    else:
        before = held_rung(standing, given, ladder, at=latest)
        after = earned_rung((*given, Given(at, points)), ladder, at=latest)
    if after <= before:
        return Climb(points, replace(standing, rung=before))
    if _is_too_fast(standing, ladder, at=at):
        return Climb(points, replace(standing, rung=before, held_at=at), is_held=True)
    since = latest - ladder.rises_within - _LATE
    rises = (*(rise for rise in standing.rises if rise > since), at)
    risen = replace(standing, rung=after, rises=rises, held_at=None)
    return Climb(points, risen, reached=ladder.rungs[before:after])


def _is_too_fast(standing: Standing, ladder: Ladder, *, at: datetime) -> bool:
    if ladder.most_rises is None or (standing.trusted_at and at <= standing.trusted_at):
        return False
    # On both sides: a visit that comes to light late must not squeeze in before a later rise.
    near = [rise for rise in standing.rises if abs(rise - at) < ladder.rises_within]
    if standing.trusted_at:
        near = [rise for rise in near if rise > standing.trusted_at]
    return len(near) >= ladder.most_rises
