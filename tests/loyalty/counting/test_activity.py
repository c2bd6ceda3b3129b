"""The points that are kept equal those of a count of all visits, whatever came when."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.counting.activity import Activity, Past, counted, later, rung_of
from loyalty.counting.level_table import Given, Ladder, Rung
from loyalty.counting.levels import Standing, climb
from tests.factories.moments import INSTANT
from tests.loyalty.counting import full_fold

START, DAY = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1)
rungs = st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(
    lambda found: tuple(
        Rung(n, f"L{n}", low, 100 + 50 * n) for n, low in enumerate(sorted(found), start=1)
    )
)
ladders = st.builds(
    Ladder,
    rungs,
    period=st.integers(1, 12).map(lambda days: days * DAY),
    grace=st.integers(0, 6).map(lambda days: days * DAY),
)
# Whole days and half ones, and an instant beside: what is about to leave, and has just left.
times = st.builds(
    lambda halves, instants: START + halves * DAY / 2 + instants * INSTANT,
    st.integers(0, 60),
    st.integers(-1, 1),
)
bases = st.lists(st.builds(Given, times, st.integers(0, 25)), max_size=25)


def in_order(given_points: Iterable[Given]) -> list[Given]:
    return sorted(given_points, key=lambda each: each.at)


def gone(given_points: Sequence[Given], ladder: Ladder, *, since: datetime | None) -> list[Given]:
    """No more than a collect reads: what left the period since the latest visit, and after."""
    return [each for each in given_points if since and each.at > since - ladder.period]


@given(ladders, bases, times)
def test_counted_is_what_all_visits_say(ladder: Ladder, visits: list[Given], at: datetime) -> None:
    found = counted(visits, ladder, at=at)
    assert found.points == full_fold.points_in(visits, ladder, at=at)
    assert rung_of(found, ladder) == full_fold.rung_in(visits, ladder, at=at)


@given(ladders, bases, times)
def test_what_is_kept_and_what_left_since_are_enough(
    ladder: Ladder, visits: list[Given], at: datetime
) -> None:
    before = in_order(each for each in visits if each.at <= at)
    kept = counted(before, ladder, at=before[-1].at) if before else Activity()
    left = [each for each in before if each.at <= at - ladder.period]
    moved = later(kept, gone(left, ladder, since=kept.at), ladder, at=at)
    assert moved == counted(before, ladder, at=at)


@settings(max_examples=300)
@given(ladders, bases)
def test_each_visit_in_its_time_stands_as_after_a_full_count(
    ladder: Ladder, visits: list[Given]
) -> None:
    standing, seen, activity = Standing(), list[Given](), Activity()
    for each in in_order(visits):
        end = each.at - ladder.period
        left = gone([one for one in seen if one.at <= end], ladder, since=activity.at)
        rise = climb(standing, Past(activity, left), ladder, base=each.points, at=each.at)
        assert (rise.points, rise.standing.rung) == _full(standing, seen, ladder, each)
        seen.append(rise.given(each.at))
        standing, activity = rise.standing, rise.activity
        assert activity == counted(seen, ladder, at=each.at)


@settings(max_examples=300)
@given(ladders, bases, st.data())
def test_with_late_visits_and_some_taken_back_too(
    ladder: Ladder, visits: list[Given], data: st.DataObject
) -> None:
    standing, seen = Standing(), list[Given]()
    for each in visits:
        if seen and data.draw(st.integers(0, 4)) == 0:
            seen.remove(data.draw(st.sampled_from(seen)))
        order = in_order(seen)
        past = Past(counted(order, ladder, at=order[-1].at), order) if order else Past()
        rise = climb(standing, past, ladder, base=each.points, at=each.at)
        assert (rise.points, rise.standing.rung) == _full(standing, seen, ladder, each)
        seen.append(rise.given(each.at))
        standing = rise.standing
        assert rise.activity == counted(seen, ladder, at=max(one.at for one in seen))


def _full(standing: Standing, seen: list[Given], ladder: Ladder, visit: Given) -> tuple[int, int]:
    points, after = full_fold.climbed(standing, seen, ladder, base=visit.points, at=visit.at)
    return points, after.rung
