"""Points and levels: what counts, until when, how fast, and in any order."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.counting.activity import Past, counted, later, rung_of
from loyalty.counting.level_table import Given, Ladder, Rung
from loyalty.counting.levels import Climb, Standing, climb, held_rung, rises_near, waits
from tests.factories.moments import INSTANT

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR, GRACE = timedelta(days=365), timedelta(days=30)
PLAIN = Ladder((Rung(1, "Bronze", 10), Rung(2, "Silver", 30), Rung(3, "Gold", 60)), YEAR, GRACE)
DOUBLE = Ladder((Rung(1, "Bronze", 10, 200), Rung(2, "Silver", 30, 300)), YEAR, GRACE)

times = st.timedeltas(timedelta(0), timedelta(days=900)).map(lambda shift: START + shift)
visits = st.lists(st.builds(Given, times, st.integers(0, 40)), max_size=12)


def past(given_points: Iterable[Given], ladder: Ladder) -> Past:
    """The past out of all visits."""
    order = sorted(given_points, key=lambda each: each.at)
    return Past(counted(order, ladder, at=order[-1].at), order) if order else Past()


def points_at(given_points: list[Given], ladder: Ladder, *, at: datetime) -> int:
    return counted(given_points, ladder, at=at).points


def earned_rung(given_points: list[Given], ladder: Ladder, *, at: datetime) -> int:
    return rung_of(counted(given_points, ladder, at=at), ladder)


def held(standing: Standing, given_points: list[Given], ladder: Ladder, *, at: datetime) -> int:
    return held_rung(standing, counted(given_points, ladder, at=at), ladder)


def climbed(
    ladder: Ladder, order: list[Given], standing: Standing | None = None
) -> tuple[Standing, list[Climb]]:
    """The standing after visits as they came to light, and what each of them did."""
    now, climbs = standing or Standing(), list[Climb]()
    before: list[Given] = []
    for each in order:
        found = climb(now, past(before, ladder), ladder, base=each.points, at=each.at)
        before.append(found.given(each.at))
        climbs.append(found)
        now = found.standing
    return now, climbs


@given(visits, st.integers(0, 11), st.integers(0, 100), times)
def test_more_points_are_never_a_lower_level(
    given_points: list[Given], which: int, more: int, at: datetime
) -> None:
    richer = [
        Given(each.at, each.points + more) if n == which else each
        for n, each in enumerate(given_points)
    ]
    assert points_at(richer, PLAIN, at=at) >= points_at(given_points, PLAIN, at=at)
    assert earned_rung(richer, PLAIN, at=at) >= earned_rung(given_points, PLAIN, at=at)
    standing = Standing(3)
    assert held(standing, richer, PLAIN, at=at) >= held(standing, given_points, PLAIN, at=at)


@given(times)
def test_points_count_for_the_period_to_the_microsecond(at: datetime) -> None:
    given_points = [Given(at, 10)]
    assert points_at(given_points, PLAIN, at=at - INSTANT) == 0
    assert points_at(given_points, PLAIN, at=at) == 10
    assert points_at(given_points, PLAIN, at=at + YEAR - INSTANT) == 10
    assert points_at(given_points, PLAIN, at=at + YEAR) == 0


@given(times)
def test_a_level_is_kept_for_the_grace_period_to_the_microsecond(at: datetime) -> None:
    standing, _ = climbed(PLAIN, [Given(at, 35)])
    assert standing.rung == 2
    given_points = [Given(at, 35)]
    assert held(standing, given_points, PLAIN, at=at + YEAR + GRACE - INSTANT) == 2
    assert held(standing, given_points, PLAIN, at=at + YEAR + GRACE) == 0


@given(visits, times)
def test_points_alone_do_not_make_a_level_that_was_never_reached(
    given_points: list[Given], at: datetime
) -> None:
    assert held(Standing(1), given_points, PLAIN, at=at) <= 1


def test_points_are_multiplied_by_the_level_held_before_the_visit() -> None:
    _, (first, second, third, fourth) = climbed(
        DOUBLE, [Given(START + n * DAY, 9) for n in range(4)]
    )
    assert [first.points, second.points, third.points, fourth.points] == [9, 9, 18, 27]
    assert [rung.name for each in (second, third) for rung in each.reached] == ["Bronze", "Silver"]
    third_of = Ladder((Rung(1, "Odd", 1, 133),))
    _, climbs = climbed(third_of, [Given(START, 1), Given(START, 2), Given(START, 3)])
    assert [each.points for each in climbs] == [1, 2, 3]


def test_one_visit_may_reach_two_levels() -> None:
    standing, (only,) = climbed(PLAIN, [Given(START, 30)])
    assert [rung.id for rung in only.reached] == [1, 2]
    assert (standing.rung, standing.rises) == (2, (START,))


@given(visits)
def test_who_was_lowered_may_rise_again(given_points: list[Given]) -> None:
    order = sorted(given_points, key=lambda each: each.at)
    standing, climbs = climbed(PLAIN, order)
    reached = [rung.id for each in climbs for rung in each.reached]
    assert standing.rung == 0 or standing.rung in reached
    if order:
        assert standing.rung == earned_rung(order, PLAIN, at=order[-1].at)


@given(st.permutations(range(8)), st.lists(st.integers(0, 20), min_size=8, max_size=8))
def test_without_multipliers_and_within_the_period_the_order_does_not_matter(
    order: list[int], points: list[int]
) -> None:
    every = [Given(START + n * DAY, count) for n, count in enumerate(points)]
    in_time, first = climbed(PLAIN, every)
    late, second = climbed(PLAIN, [every[n] for n in order])
    assert late.rung == in_time.rung
    assert sorted(rung.id for each in first for rung in each.reached) == sorted(
        rung.id for each in second for rung in each.reached
    )


@given(visits.filter(bool))
def test_a_late_visit_leads_to_what_all_visits_are_worth(order: list[Given]) -> None:
    standing, _ = climbed(PLAIN, order)
    assert standing.rung == earned_rung(order, PLAIN, at=max(each.at for each in order))


def limited(most: int, *, within: timedelta = timedelta(days=30)) -> Ladder:
    rungs = tuple(Rung(n, f"L{n}", n) for n in range(1, 40))
    return Ladder(rungs, YEAR, GRACE, most_rises=most, rises_within=within)


@given(st.integers(1, 4), st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_no_window_has_more_rises_than_the_limit(most: int, offsets: list[int]) -> None:
    """Whatever came to light when: queued visits are counted as at their scan."""
    ladder = limited(most)
    order = [Given(START + n * DAY, 1) for n in offsets]
    standing, climbs = climbed(ladder, order)
    rises = sorted(each.at for each, found in zip(order, climbs, strict=True) if found.reached)
    for rise in rises:
        inside = [each for each in rises if rise - ladder.rises_within < each <= rise]
        assert len(inside) <= most
    assert all(found.standing.held_at for found in climbs if found.is_held)
    assert standing.rung == sum(len(found.reached) for found in climbs)


def test_beyond_the_limit_the_rise_is_held_and_later_it_is_free() -> None:
    ladder = limited(2)
    order = [Given(START, 1), Given(START + DAY, 1), Given(START + 2 * DAY, 1)]
    standing, climbs = climbed(ladder, order)
    assert [found.is_held for found in climbs] == [False, False, True]
    assert (standing.rung, standing.held_at) == (2, START + 2 * DAY)
    free = START + timedelta(days=30)
    assert climb(standing, past(order, ladder), ladder, base=0, at=free - INSTANT).is_held
    after = climb(standing, past(order, ladder), ladder, base=0, at=free)
    assert [rung.id for rung in after.reached] == [3]
    assert after.standing.held_at is None


@given(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8))
def test_rises_at_other_addresses_count_like_one_s_own(
    most: int, found: list[tuple[int, bool]]
) -> None:
    """Wherever a person's rises are kept, the next one is held or not alike."""
    ladder, at, trusted = limited(most), START + 40 * DAY, START + 12 * DAY
    rises = [(START + day * DAY, is_own) for day, is_own in found]
    for trusted_at in (None, trusted):
        every = Standing(1, tuple(rise for rise, _ in rises), trusted_at=trusted_at)
        own = replace(every, rises=tuple(rise for rise, is_own in rises if is_own))
        others = [rise for rise, is_own in rises if not is_own]
        elsewhere = rises_near(others, own, ladder, at=at)
        before = past([Given(START, 1)], ladder)
        one = climb(every, before, ladder, base=1, at=at)
        split = climb(own, before, ladder, base=1, at=at, elsewhere=elsewhere)
        assert (one.is_held, one.reached) == (split.is_held, split.reached)
        # What others rose to is not kept here.
        assert set(split.standing.rises) <= {*own.rises, at}


def test_a_rise_is_newly_held_once() -> None:
    ladder = limited(1)
    order = [Given(START + n * DAY, 1) for n in range(4)]
    standing, climbs = climbed(ladder, order)
    assert [found.is_held for found in climbs] == [False, True, True, True]
    assert [found.was_held for found in climbs] == [False, False, True, True]
    assert waits(standing, climbs[-1].activity, ladder)
    # When the points have gone again, nothing waits any more.
    gone = later(climbs[-1].activity, order, ladder, at=START + 3 * YEAR)
    assert not waits(standing, gone, ladder)


def test_rises_are_remembered_for_a_visit_that_comes_to_light_late() -> None:
    ladder = limited(1)
    order = [Given(START, 1), Given(START + 33 * DAY, 1), Given(START + 29 * DAY, 1)]
    _, climbs = climbed(ladder, order)
    assert [found.is_held for found in climbs] == [False, False, True]


@pytest.mark.parametrize("shift", [-INSTANT, timedelta(0), INSTANT])
def test_what_a_manager_approved_is_not_held_and_not_counted(shift: timedelta) -> None:
    ladder, at = limited(1), START + 2 * DAY
    given_points = [Given(START, 1)]
    standing = Standing(1, (START,), held_at=at, trusted_at=at)
    found = climb(standing, past(given_points, ladder), ladder, base=1, at=at + shift)
    assert not found.is_held
    assert found.standing.rung == 2
    after = found.standing
    more = climb(
        after, past([*given_points, found.given(at + shift)], ladder), ladder, base=1, at=at + DAY
    )
    assert more.is_held == (shift > timedelta(0))
