"""A rise that a manager approved."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.counting.activity import PastVisits, counted
from loyalty.counting.approval import approved_rise
from loyalty.counting.level_table import LevelRule, LevelTable, VisitPoints
from loyalty.counting.levels import LevelStatus, change_level, level_index_now

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LADDER = LevelTable(
    (LevelRule(1, "Bronze", 5), LevelRule(2, "Silver", 10), LevelRule(3, "Gold", 20)), most_rises=1
)
visits = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 15)), max_size=12)


@given(visits, st.integers(0, 3))
def test_the_level_is_what_the_points_are_worth(
    past: list[tuple[int, int]], level_index: int
) -> None:
    visits = [VisitPoints(NOW - timedelta(days=days), each) for days, each in past]
    points = counted(visits, LADDER, at=NOW)
    before = LevelStatus(level_index, held_at=NOW - timedelta(days=1))
    rise = approved_rise(before, points, LADDER, at=NOW)
    after = rise.level_status
    held = level_index_now(before, points, LADDER)
    assert (after.held_at, after.approved_at) == (None, NOW)
    assert after.level_index == level_index_now(after, points, LADDER)
    assert after.level_index == held + len(rise.reached)
    assert (after.rises == (NOW,)) is bool(rise.reached)
    # Asked again, nothing more rises.
    assert approved_rise(after, points, LADDER, at=NOW).reached == ()


def test_what_was_trusted_does_not_hold_the_next_rise() -> None:
    visits = [VisitPoints(NOW - timedelta(days=1), 5), VisitPoints(NOW, 5)]
    points = counted(visits, LADDER, at=NOW)
    first = LevelStatus(1, rises=(NOW - timedelta(days=1),), held_at=NOW)
    trusted = approved_rise(first, points, LADDER, at=NOW).level_status
    assert trusted.level_index == 2
    past = PastVisits(points, visits)
    later = NOW + timedelta(hours=1)
    assert change_level(trusted, past, LADDER, base=10, at=later).reached == (LADDER.levels[2],)
    assert change_level(first, past, LADDER, base=10, at=later).is_held
