"""Days as people count them: clocks that jump, days that never were, short months."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.calendar import (
    DAY,
    anniversary,
    day_of,
    days_later,
    months_later,
    noon_of,
    open_days_between,
    start_of,
)
from tests.factories.moments import INSTANT, ZONES, days, moments, zones

# Berlin, spring and autumn; Havana and Beirut change at midnight; Apia had no 30 December 2011.
DAYS = [
    (date(2026, 3, 29), "Europe/Berlin", 23),
    (date(2026, 10, 25), "Europe/Berlin", 25),
    (date(2026, 3, 8), "America/Havana", 23),
    (date(2026, 11, 1), "America/Havana", 25),
    (date(2026, 3, 29), "Asia/Beirut", 23),
    (date(2026, 10, 24), "Asia/Beirut", 25),
    (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
    (date(2011, 12, 30), "Pacific/Apia", 0),
    (date(2026, 6, 1), "Asia/Kathmandu", 24),
]


@pytest.mark.parametrize(("day", "zone", "hours"), DAYS)
def test_a_day_is_as_long_as_it_is_there(day: date, zone: str, hours: float) -> None:
    assert start_of(day + DAY, zone) - start_of(day, zone) == timedelta(hours=hours)


@given(moments, zones)
def test_each_moment_lies_inside_its_day(at: datetime, zone: str) -> None:
    day = day_of(at, zone)
    assert start_of(day, zone) <= at < start_of(day + DAY, zone)
    assert day_of(noon_of(day, zone), zone) == day


@given(days, zones)
def test_a_day_ends_where_the_next_one_begins(day: date, zone: str) -> None:
    begin = start_of(day, zone)
    assert day_of(begin, zone) == day
    assert day_of(begin - INSTANT, zone) == day - DAY


@given(moments, zones, st.integers(1, 120))
def test_months_later_is_the_end_of_that_day(at: datetime, zone: str, months: int) -> None:
    last = day_of(months_later(at, months, zone) - INSTANT, zone)
    day = day_of(at, zone)
    assert (last.year - day.year) * 12 + last.month - day.month == months
    assert last.day == day.day or (last.day < day.day and (last + DAY).day == 1)


def test_a_shorter_month_ends_earlier() -> None:
    at = datetime(2027, 1, 31, 12, tzinfo=UTC)
    assert months_later(at, 1, "UTC") == datetime(2027, 3, 1, tzinfo=UTC)
    assert months_later(at, 13, "UTC") == datetime(2028, 3, 1, tzinfo=UTC)
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert months_later(at, 2, "Europe/Berlin") == datetime(2027, 3, 1, 23, tzinfo=UTC)


@given(moments, zones, st.integers(0, 400))
def test_days_later_is_the_end_of_that_day(at: datetime, zone: str, count: int) -> None:
    end = days_later(at, count, zone)
    assert day_of(end - INSTANT, zone) == day_of(at, zone) + count * DAY
    assert end > at


@given(days, st.integers(1, 60), st.frozensets(st.integers(0, 6)))
def test_open_days_leave_out_what_was_closed(
    first: date, span: int, closed: frozenset[int]
) -> None:
    last = first + span * DAY
    between = [first + n * DAY for n in range(1, span)]
    shut = [day for day in between if day.weekday() in closed]
    found = open_days_between(first, last, closed)
    assert found == span - len(shut)
    assert found <= open_days_between(first, last + DAY, closed) <= found + 1
    assert found >= 1


@given(st.integers(1900, 2200), days)
def test_every_year_has_every_birthday(year: int, born: date) -> None:
    found = anniversary(year, born.month, born.day)
    is_leap_day = (born.month, born.day) == (2, 29)
    assert found.year == year
    assert (found.month, found.day) == (born.month, born.day) or (
        is_leap_day and found == date(year, 2, 28)
    )


def test_leap_days() -> None:
    assert anniversary(2028, 2, 29) == date(2028, 2, 29)
    assert anniversary(2027, 2, 29) == date(2027, 2, 28)
    assert anniversary(2100, 2, 29) == date(2100, 2, 28)


def test_the_zones_of_these_tests_exist() -> None:
    assert all(ZoneInfo(zone) for zone in ZONES)
