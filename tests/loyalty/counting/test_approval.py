"""A rise that a manager approved."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.counting.activity import Past, counted
from loyalty.counting.approval import trusted_rise
from loyalty.counting.level_table import Given, Ladder, Rung
from loyalty.counting.levels import Standing, climb, held_rung

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LADDER = Ladder((Rung(1, "Bronze", 5), Rung(2, "Silver", 10), Rung(3, "Gold", 20)), most_rises=1)
visits = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 15)), max_size=12)


@given(visits, st.integers(0, 3))
def test_the_level_is_what_the_points_are_worth(past: list[tuple[int, int]], rung: int) -> None:
    visits = [Given(NOW - timedelta(days=days), each) for days, each in past]
    points = counted(visits, LADDER, at=NOW)
    before = Standing(rung, held_at=NOW - timedelta(days=1))
    rise = trusted_rise(before, points, LADDER, at=NOW)
    after = rise.standing
    held = held_rung(before, points, LADDER)
    assert (after.held_at, after.trusted_at) == (None, NOW)
    assert after.rung == held_rung(after, points, LADDER)
    assert after.rung == held + len(rise.reached)
    assert (after.rises == (NOW,)) is bool(rise.reached)
    # Asked again, nothing more rises.
    assert trusted_rise(after, points, LADDER, at=NOW).reached == ()


def test_what_was_trusted_does_not_hold_the_next_rise() -> None:
    visits = [Given(NOW - timedelta(days=1), 5), Given(NOW, 5)]
    points = counted(visits, LADDER, at=NOW)
    first = Standing(1, rises=(NOW - timedelta(days=1),), held_at=NOW)
    trusted = trusted_rise(first, points, LADDER, at=NOW).standing
    assert trusted.rung == 2
    past = Past(points, visits)
    later = NOW + timedelta(hours=1)
    assert climb(trusted, past, LADDER, base=10, at=later).reached == (LADDER.rungs[2],)
    assert climb(first, past, LADDER, base=10, at=later).is_held
