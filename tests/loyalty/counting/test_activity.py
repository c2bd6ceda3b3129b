"""The points that are kept equal those of a count of all visits, whatever came when."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.counting.activity import Activity, PastVisits, counted, later, level_index_reached
from loyalty.counting.level_table import LevelRule, LevelTable, VisitPoints
from loyalty.counting.levels import LevelStatus, change_level
from tests.factories.moments import INSTANT
from tests.loyalty.counting import full_fold

START, DAY = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1)
levels = st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(
    lambda found: tuple(
        LevelRule(n, f"L{n}", low, 100 + 50 * n) for n, low in enumerate(sorted(found), start=1)
    )
)
level_tables = st.builds(
    LevelTable,
    levels,
    period=st.integers(1, 12).map(lambda days: days * DAY),
    grace=st.integers(0, 6).map(lambda days: days * DAY),
)
# Whole days and half ones, and an instant beside: what is about to leave, and has just left.
times = st.builds(
    lambda halves, instants: START + halves * DAY / 2 + instants * INSTANT,
    st.integers(0, 60),
    st.integers(-1, 1),
)
bases = st.lists(st.builds(VisitPoints, times, st.integers(0, 25)), max_size=25)


def in_order(given_points: Iterable[VisitPoints]) -> list[VisitPoints]:
    return sorted(given_points, key=lambda each: each.at)


def gone(
    given_points: Sequence[VisitPoints], level_table: LevelTable, *, since: datetime | None
) -> list[VisitPoints]:
    """No more than a collect reads: what left the period since the latest visit, and after."""
    return [each for each in given_points if since and each.at > since - level_table.period]


@given(level_tables, bases, times)
def test_counted_is_what_all_visits_say(
    level_table: LevelTable, visits: list[VisitPoints], at: datetime
) -> None:
    found = counted(visits, level_table, at=at)
    assert found.points == full_fold.points_in(visits, level_table, at=at)
    assert level_index_reached(found, level_table) == full_fold.level_index_in(
        visits, level_table, at=at
    )


@given(level_tables, bases, times)
def test_what_is_kept_and_what_left_since_are_enough(
    level_table: LevelTable, visits: list[VisitPoints], at: datetime
) -> None:
    before = in_order(each for each in visits if each.at <= at)
    kept = counted(before, level_table, at=before[-1].at) if before else Activity()
    left = [each for each in before if each.at <= at - level_table.period]
    moved = later(kept, gone(left, level_table, since=kept.at), level_table, at=at)
    assert moved == counted(before, level_table, at=at)


@settings(max_examples=300)
@given(level_tables, bases)
def test_each_visit_in_its_time_stands_as_after_a_full_count(
    level_table: LevelTable, visits: list[VisitPoints]
) -> None:
    level_status, seen, activity = LevelStatus(), list[VisitPoints](), Activity()
    for each in in_order(visits):
        end = each.at - level_table.period
        left = gone([one for one in seen if one.at <= end], level_table, since=activity.at)
        rise = change_level(
            level_status, PastVisits(activity, left), level_table, base=each.points, at=each.at
        )
        assert (rise.points, rise.level_status.level_index) == _full(
            level_status, seen, level_table, each
        )
        seen.append(rise.given(each.at))
        level_status, activity = rise.level_status, rise.activity
        assert activity == counted(seen, level_table, at=each.at)


@settings(max_examples=300)
@given(level_tables, bases, st.data())
def test_with_late_visits_and_some_taken_back_too(
    level_table: LevelTable, visits: list[VisitPoints], data: st.DataObject
) -> None:
    level_status, seen = LevelStatus(), list[VisitPoints]()
    for each in visits:
        if seen and data.draw(st.integers(0, 4)) == 0:
            seen.remove(data.draw(st.sampled_from(seen)))
        order = in_order(seen)
        past = (
            PastVisits(counted(order, level_table, at=order[-1].at), order)
            if order
            else PastVisits()
        )
        rise = change_level(level_status, past, level_table, base=each.points, at=each.at)
        assert (rise.points, rise.level_status.level_index) == _full(
            level_status, seen, level_table, each
        )
        seen.append(rise.given(each.at))
        level_status = rise.level_status
        assert rise.activity == counted(seen, level_table, at=max(one.at for one in seen))


def _full(
    level_status: LevelStatus, seen: list[VisitPoints], level_table: LevelTable, visit: VisitPoints
) -> tuple[int, int]:
    points, after = full_fold.climbed(
        level_status, seen, level_table, base=visit.points, at=visit.at
    )
    return points, after.level_index
