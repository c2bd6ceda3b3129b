"""Days in a row: one a day, in order or not, until the very moment at which they end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.calendar import day_of, open_days_between
from loyalty.counting.streak import NO_STREAK, Streak, visit
from loyalty.switches import StreakRule
from tests.factories.moments import INSTANT, gaps, moments, zones

rules = st.builds(
    StreakRule,
    window=st.one_of(st.integers(1, 10), st.sampled_from([100, 366])),
    threshold=st.integers(1, 8),
    freezes=st.sampled_from([0, 0, 1, 2, 30]),
    skips_closed_days=st.booleans(),
)
weekdays = st.frozensets(st.integers(0, 6))
BERLIN = "Europe/Berlin"


def walked(
    rule: StreakRule,
    times: list[datetime],
    *,
    zone: str = BERLIN,
    closed: frozenset[int] = frozenset(),
) -> tuple[Streak, list[bool]]:
    """The streak after visits at these times, and which of them paid."""
    streak, paid = NO_STREAK, []
    for at in times:
        streak, is_due = visit(streak, rule, at=at, zone=zone, closed=closed)
        paid.append(is_due)
    return streak, paid


@st.composite
def walks(draw: st.DrawFn) -> list[datetime]:
    """Visits in order."""
    at = draw(moments)
    found = [at]
    for gap in draw(st.lists(gaps, max_size=12)):
        at += gap
        found.append(at)
    return found


@given(rules, walks(), zones, weekdays)
def test_at_most_one_more_a_day_and_the_badge_never_stands_still(
    rule: StreakRule, times: list[datetime], zone: str, closed: frozenset[int]
) -> None:
    streak = NO_STREAK
    for at in times:
        after, is_due = visit(streak, rule, at=at, zone=zone, closed=closed)
        is_new_day = streak.last_at is None or day_of(streak.last_at, zone) < day_of(at, zone)
        assert after.days in ({streak.days + 1, 1} if is_new_day else {streak.days})
        assert is_due == (is_new_day and after.days % rule.threshold == 0)
        assert 0 <= after.used <= rule.freezes
        streak = after
    assert streak.days <= len({day_of(at, zone) for at in times})


@given(rules, walks(), zones, weekdays)
def test_it_ends_exactly_at_its_end(
    rule: StreakRule, times: list[datetime], zone: str, closed: frozenset[int]
) -> None:
    streak, _ = walked(rule, times, zone=zone, closed=closed)
    assert streak.ends_at
    kept, _ = visit(streak, rule, at=streak.ends_at - INSTANT, zone=zone, closed=closed)
    assert kept.days == streak.days + 1
    assert streak.shown(streak.ends_at - INSTANT) == streak.days
    begun, is_due = visit(streak, rule, at=streak.ends_at, zone=zone, closed=closed)
    assert (begun.days, begun.used, is_due) == (1, 0, rule.threshold == 1)
    assert streak.shown(streak.ends_at) == 0


@given(rules, walks(), zones, weekdays, gaps)
def test_a_visit_goes_on_within_the_window_and_what_is_forgiven(
    rule: StreakRule, times: list[datetime], zone: str, closed: frozenset[int], gap: timedelta
) -> None:
    before, _ = walked(rule, times, zone=zone, closed=closed)
    at = times[-1] + gap
    after, _ = visit(before, rule, at=at, zone=zone, closed=closed)
    skipped = closed if rule.skips_closed_days and len(closed) < 7 else ()
    apart = open_days_between(day_of(times[-1], zone), day_of(at, zone), skipped)
    # Each window that went by without a visit takes a freeze.
    missed = -(-apart // rule.window) - 1
    if apart <= 0:
        assert after.days == before.days
    elif before.used + missed <= rule.freezes:
        assert (after.days, after.used) == (before.days + 1, before.used + missed)
    else:
        assert (after.days, after.used) == (1, 0)


@given(rules, walks(), zones, zones, gaps)
def test_a_late_visit_changes_nothing(
    rule: StreakRule, times: list[datetime], zone: str, other: str, gap: timedelta
) -> None:
    streak, _ = walked(rule, times, zone=zone)
    assert visit(streak, rule, at=times[-1] - gap, zone=other) == (streak, False)


@given(rules, moments, zones, zones, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_a_change_of_zone_never_makes_two_days_of_one(
    rule: StreakRule, at: datetime, here: str, there: str, gap: timedelta
) -> None:
    first, _ = walked(rule, [at], zone=here)
    second, _ = visit(first, rule, at=at + gap, zone=there)
    is_next_day = day_of(at + gap, there) > day_of(at, there)
    assert second.days == 1 or (second.days == 2 and is_next_day)


@given(st.integers(1, 5), st.integers(0, 40))
def test_each_multiple_of_the_threshold_pays(threshold: int, count: int) -> None:
    start = datetime(2026, 3, 20, 12, tzinfo=UTC)
    rule = StreakRule(window=1, threshold=threshold)
    streak, paid = walked(rule, [start + timedelta(days=n) for n in range(count)])
    assert streak.days == count
    assert [n for n, is_due in enumerate(paid, start=1) if is_due] == list(
        range(threshold, count + 1, threshold)
    )


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        # The nights in which Berlin's clocks jump: 23 and 25 hours to the next midnight.
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 2),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 22, 0, tzinfo=UTC), 2),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, tzinfo=UTC), 1),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 23, 0, tzinfo=UTC), 2),
    ],
)
def test_days_of_23_and_25_hours(first: datetime, second: datetime, days: int) -> None:
    streak, _ = walked(StreakRule(window=1, threshold=9), [first, second])
    assert streak.days == days


def test_closed_days_are_left_out_only_where_the_owner_says_so() -> None:
    friday, tuesday = datetime(2026, 6, 5, 12, tzinfo=UTC), datetime(2026, 6, 9, 12, tzinfo=UTC)
    closed = frozenset({5, 6, 0})
    strict, kind = StreakRule(1, 9), StreakRule(1, 9, skips_closed_days=True)
    assert walked(strict, [friday, tuesday], closed=closed)[0].days == 1
    assert walked(kind, [friday, tuesday], closed=closed)[0].days == 2
    assert date(2026, 6, 5).weekday() == 4


def test_two_freezes_forgive_two_windows_and_no_third() -> None:
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    rule = StreakRule(window=7, threshold=99, freezes=2)
    streak, _ = walked(rule, [start, start + timedelta(days=14), start + timedelta(days=28)])
    assert (streak.days, streak.used) == (3, 2)
    assert visit(streak, rule, at=start + timedelta(days=35), zone=BERLIN)[0].days == 4
    assert visit(streak, rule, at=start + timedelta(days=36), zone=BERLIN)[0].days == 1


def test_freezes_that_the_owner_took_away_break_no_streak_that_used_them() -> None:
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    streak, _ = walked(StreakRule(1, 99, freezes=2), [start, start + timedelta(days=3)])
    assert (streak.days, streak.used) == (2, 2)
    now = StreakRule(1, 99)
    after, _ = visit(streak, now, at=start + timedelta(days=4), zone=BERLIN)
    assert after.days == 3
    assert after.ends_at == datetime(2026, 6, 6, 22, tzinfo=UTC)


def test_a_year_s_window_with_freezes_lasts_as_long_as_it_says() -> None:
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    rule = StreakRule(window=366, threshold=99, freezes=1)
    streak, _ = walked(rule, [start])
    assert streak.shown(start + timedelta(days=732)) == 1
    assert visit(streak, rule, at=start + timedelta(days=732), zone=BERLIN)[0].days == 2
