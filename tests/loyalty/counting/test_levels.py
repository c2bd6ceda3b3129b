"""Points and levels: what counts, until when, how fast, and in any order."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.counting.activity import PastVisits, counted, later, level_index_reached
from loyalty.counting.level_table import LevelRule, LevelTable, VisitPoints
from loyalty.counting.levels import (
    LevelChange,
    LevelStatus,
    change_level,
    is_rise_on_hold,
    level_index_now,
    rises_near,
)
from tests.factories.moments import INSTANT

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR, GRACE = timedelta(days=365), timedelta(days=30)
PLAIN = LevelTable(
    (LevelRule(1, "Bronze", 10), LevelRule(2, "Silver", 30), LevelRule(3, "Gold", 60)), YEAR, GRACE
)
DOUBLE = LevelTable((LevelRule(1, "Bronze", 10, 200), LevelRule(2, "Silver", 30, 300)), YEAR, GRACE)

times = st.timedeltas(timedelta(0), timedelta(days=900)).map(lambda shift: START + shift)
visits = st.lists(st.builds(VisitPoints, times, st.integers(0, 40)), max_size=12)


def past(given_points: Iterable[VisitPoints], level_table: LevelTable) -> PastVisits:
    """The past out of all visits."""
    order = sorted(given_points, key=lambda each: each.at)
    return (
        PastVisits(counted(order, level_table, at=order[-1].at), order) if order else PastVisits()
    )


def points_at(given_points: list[VisitPoints], level_table: LevelTable, *, at: datetime) -> int:
    return counted(given_points, level_table, at=at).points


def earned_level_index(
    given_points: list[VisitPoints], level_table: LevelTable, *, at: datetime
) -> int:
    return level_index_reached(counted(given_points, level_table, at=at), level_table)


def held(
    level_status: LevelStatus,
    given_points: list[VisitPoints],
    level_table: LevelTable,
    *,
    at: datetime,
) -> int:
    return level_index_now(level_status, counted(given_points, level_table, at=at), level_table)


def climbed(
    level_table: LevelTable, order: list[VisitPoints], level_status: LevelStatus | None = None
) -> tuple[LevelStatus, list[LevelChange]]:
    """The standing after visits as they came to light, and what each of them did."""
    now, climbs = level_status or LevelStatus(), list[LevelChange]()
    before: list[VisitPoints] = []
    for each in order:
        found = change_level(
            now, past(before, level_table), level_table, base=each.points, at=each.at
        )
        before.append(found.given(each.at))
        climbs.append(found)
        now = found.level_status
    return now, climbs


@given(visits, st.integers(0, 11), st.integers(0, 100), times)
def test_more_points_are_never_a_lower_level(
    given_points: list[VisitPoints], which: int, more: int, at: datetime
) -> None:
    richer = [
        VisitPoints(each.at, each.points + more) if n == which else each
        for n, each in enumerate(given_points)
    ]
    assert points_at(richer, PLAIN, at=at) >= points_at(given_points, PLAIN, at=at)
    assert earned_level_index(richer, PLAIN, at=at) >= earned_level_index(
        given_points, PLAIN, at=at
    )
    level_status = LevelStatus(3)
    assert held(level_status, richer, PLAIN, at=at) >= held(
        level_status, given_points, PLAIN, at=at
    )


@given(times)
def test_points_count_for_the_period_to_the_microsecond(at: datetime) -> None:
    given_points = [VisitPoints(at, 10)]
    assert points_at(given_points, PLAIN, at=at - INSTANT) == 0
    assert points_at(given_points, PLAIN, at=at) == 10
    assert points_at(given_points, PLAIN, at=at + YEAR - INSTANT) == 10
    assert points_at(given_points, PLAIN, at=at + YEAR) == 0


@given(times)
def test_a_level_is_kept_for_the_grace_period_to_the_microsecond(at: datetime) -> None:
    level_status, _ = climbed(PLAIN, [VisitPoints(at, 35)])
    assert level_status.level_index == 2
    given_points = [VisitPoints(at, 35)]
    assert held(level_status, given_points, PLAIN, at=at + YEAR + GRACE - INSTANT) == 2
    assert held(level_status, given_points, PLAIN, at=at + YEAR + GRACE) == 0


@given(visits, times)
def test_points_alone_do_not_make_a_level_that_was_never_reached(
    given_points: list[VisitPoints], at: datetime
) -> None:
    assert held(LevelStatus(1), given_points, PLAIN, at=at) <= 1


def test_points_are_multiplied_by_the_level_held_before_the_visit() -> None:
    _, (first, second, third, fourth) = climbed(
        DOUBLE, [VisitPoints(START + n * DAY, 9) for n in range(4)]
    )
    assert [first.points, second.points, third.points, fourth.points] == [9, 9, 18, 27]
    assert [level.name for each in (second, third) for level in each.reached] == [
        "Bronze",
        "Silver",
    ]
    third_of = LevelTable((LevelRule(1, "Odd", 1, 133),))
    _, climbs = climbed(
        third_of, [VisitPoints(START, 1), VisitPoints(START, 2), VisitPoints(START, 3)]
    )
    assert [each.points for each in climbs] == [1, 2, 3]


def test_one_visit_may_reach_two_levels() -> None:
    level_status, (only,) = climbed(PLAIN, [VisitPoints(START, 30)])
    assert [level.id for level in only.reached] == [1, 2]
    assert (level_status.level_index, level_status.rises) == (2, (START,))


@given(visits)
def test_who_was_lowered_may_rise_again(given_points: list[VisitPoints]) -> None:
    order = sorted(given_points, key=lambda each: each.at)
    level_status, climbs = climbed(PLAIN, order)
    reached = [level.id for each in climbs for level in each.reached]
    assert level_status.level_index == 0 or level_status.level_index in reached
    if order:
        assert level_status.level_index == earned_level_index(order, PLAIN, at=order[-1].at)


@given(st.permutations(range(8)), st.lists(st.integers(0, 20), min_size=8, max_size=8))
def test_without_multipliers_and_within_the_period_the_order_does_not_matter(
    order: list[int], points: list[int]
) -> None:
    every = [VisitPoints(START + n * DAY, count) for n, count in enumerate(points)]
    in_time, first = climbed(PLAIN, every)
    late, second = climbed(PLAIN, [every[n] for n in order])
    assert late.level_index == in_time.level_index
    assert sorted(level.id for each in first for level in each.reached) == sorted(
        level.id for each in second for level in each.reached
    )


@given(visits.filter(bool))
def test_a_late_visit_leads_to_what_all_visits_are_worth(order: list[VisitPoints]) -> None:
    level_status, _ = climbed(PLAIN, order)
    assert level_status.level_index == earned_level_index(
        order, PLAIN, at=max(each.at for each in order)
    )


def limited(most: int, *, within: timedelta = timedelta(days=30)) -> LevelTable:
    levels = tuple(LevelRule(n, f"L{n}", n) for n in range(1, 40))
    return LevelTable(levels, YEAR, GRACE, most_rises=most, rises_within=within)


@given(st.integers(1, 4), st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_no_window_has_more_rises_than_the_limit(most: int, offsets: list[int]) -> None:
    """Whatever came to light when: queued visits are counted as at their scan."""
    level_table = limited(most)
    order = [VisitPoints(START + n * DAY, 1) for n in offsets]
    level_status, climbs = climbed(level_table, order)
    rises = sorted(each.at for each, found in zip(order, climbs, strict=True) if found.reached)
    for rise in rises:
        inside = [each for each in rises if rise - level_table.rises_within < each <= rise]
        assert len(inside) <= most
    assert all(found.level_status.held_at for found in climbs if found.is_held)
    assert level_status.level_index == sum(len(found.reached) for found in climbs)


def test_beyond_the_limit_the_rise_is_held_and_later_it_is_free() -> None:
    level_table = limited(2)
    order = [VisitPoints(START, 1), VisitPoints(START + DAY, 1), VisitPoints(START + 2 * DAY, 1)]
    level_status, climbs = climbed(level_table, order)
    assert [found.is_held for found in climbs] == [False, False, True]
    assert (level_status.level_index, level_status.held_at) == (2, START + 2 * DAY)
    free = START + timedelta(days=30)
    assert change_level(
        level_status, past(order, level_table), level_table, base=0, at=free - INSTANT
    ).is_held
    after = change_level(level_status, past(order, level_table), level_table, base=0, at=free)
    assert [level.id for level in after.reached] == [3]
    assert after.level_status.held_at is None


@given(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8))
def test_rises_at_other_addresses_count_like_one_s_own(
    most: int, found: list[tuple[int, bool]]
) -> None:
    """Wherever a person's rises are kept, the next one is held or not alike."""
    level_table, at, trusted = limited(most), START + 40 * DAY, START + 12 * DAY
    rises = [(START + day * DAY, is_own) for day, is_own in found]
    for approved_at in (None, trusted):
        every = LevelStatus(1, tuple(rise for rise, _ in rises), approved_at=approved_at)
        own = replace(every, rises=tuple(rise for rise, is_own in rises if is_own))
        others = [rise for rise, is_own in rises if not is_own]
        elsewhere = rises_near(others, own, level_table, at=at)
        before = past([VisitPoints(START, 1)], level_table)
        one = change_level(every, before, level_table, base=1, at=at)
        split = change_level(own, before, level_table, base=1, at=at, elsewhere=elsewhere)
        assert (one.is_held, one.reached) == (split.is_held, split.reached)
        # What others rose to is not kept here.
        assert set(split.level_status.rises) <= {*own.rises, at}


def test_a_rise_is_newly_held_once() -> None:
    level_table = limited(1)
    order = [VisitPoints(START + n * DAY, 1) for n in range(4)]
    level_status, climbs = climbed(level_table, order)
    assert [found.is_held for found in climbs] == [False, True, True, True]
    assert [found.was_held for found in climbs] == [False, False, True, True]
    assert is_rise_on_hold(level_status, climbs[-1].activity, level_table)
    # When the points have gone again, nothing waits any more.
    gone = later(climbs[-1].activity, order, level_table, at=START + 3 * YEAR)
    assert not is_rise_on_hold(level_status, gone, level_table)


def test_rises_are_remembered_for_a_visit_that_comes_to_light_late() -> None:
    level_table = limited(1)
    order = [
        VisitPoints(START, 1),
        VisitPoints(START + 33 * DAY, 1),
        VisitPoints(START + 29 * DAY, 1),
    ]
    _, climbs = climbed(level_table, order)
    assert [found.is_held for found in climbs] == [False, False, True]


@pytest.mark.parametrize("shift", [-INSTANT, timedelta(0), INSTANT])
def test_what_a_manager_approved_is_not_held_and_not_counted(shift: timedelta) -> None:
    level_table, at = limited(1), START + 2 * DAY
    given_points = [VisitPoints(START, 1)]
    level_status = LevelStatus(1, (START,), held_at=at, approved_at=at)
    found = change_level(
        level_status, past(given_points, level_table), level_table, base=1, at=at + shift
    )
    assert not found.is_held
    assert found.level_status.level_index == 2
    after = found.level_status
    more = change_level(
        after,
        past([*given_points, found.given(at + shift)], level_table),
        level_table,
        base=1,
        at=at + DAY,
    )
    assert more.is_held == (shift > timedelta(0))
