"""When a birthday counts: windows across the year's end, leap days, changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.calendar import DAY, anniversary, noon_of, start_of
from loyalty.base.errors import InvalidInput, RateLimited
from loyalty.counting.birthday import Birthday, check_change, checked, near_year
from loyalty.switches import BirthdayRule
from tests.factories.moments import INSTANT, days, moments, zones

BERLIN = "Europe/Berlin"
sides = st.integers(0, 30)


def at_noon(day: date, born: tuple[int, int], rule: BirthdayRule) -> int | None:
    birthday = Birthday(*born)
    return near_year(birthday, rule, at=noon_of(day, BERLIN), zone=BERLIN)


@given(days, days, sides, sides)
def test_a_visit_counts_inside_the_window_of_its_one_birthday(
    born: date, today: date, before: int, after: int
) -> None:
    rule = BirthdayRule(before, after)
    found = at_noon(today, (born.month, born.day), rule)
    near = [
        year
        for year in range(today.year - 1, today.year + 2)
        if -before <= (today - anniversary(year, born.month, born.day)).days <= after
    ]
    assert near == ([] if found is None else [found])


@given(days, zones, sides, sides)
def test_the_window_opens_and_closes_at_the_location_s_midnight(
    born: date, zone: str, before: int, after: int
) -> None:
    rule, birthday = BirthdayRule(before, after), Birthday(born.month, born.day)
    opens = start_of(born - before * DAY, zone)
    closes = start_of(born + (after + 1) * DAY, zone)

    def found(at: datetime) -> int | None:
        return near_year(birthday, rule, at=at, zone=zone)

    assert found(opens) == found(closes - INSTANT) == born.year
    assert found(opens - INSTANT) is None
    assert found(closes) is None


@pytest.mark.parametrize(
    ("today", "born", "year"),
    [
        (date(2026, 12, 27), (1, 3), 2027),
        (date(2026, 12, 26), (1, 3), None),
        (date(2027, 1, 4), (12, 28), 2026),
        (date(2027, 1, 5), (12, 28), None),
        (date(2027, 2, 21), (2, 29), 2027),
        (date(2027, 3, 7), (2, 29), 2027),
        (date(2027, 3, 8), (2, 29), None),
        (date(2028, 2, 21), (2, 29), None),
        (date(2028, 3, 7), (2, 29), 2028),
    ],
)
def test_the_year_s_end_and_leap_days(today: date, born: tuple[int, int], year: int | None) -> None:
    assert at_noon(today, born, BirthdayRule()) == year


def test_nobody_s_birthday_is_none() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    assert near_year(None, BirthdayRule(), at=at, zone=BERLIN) is None


@given(moments)
def test_a_changed_birthday_counts_from_its_moment_on(counts_from: datetime) -> None:
    birthday = Birthday(counts_from.month, counts_from.day, counts_from)

    def found(at: datetime) -> int | None:
        return near_year(birthday, BirthdayRule(), at=at, zone="UTC")

    assert found(counts_from - INSTANT) is None
    assert found(counts_from) == counts_from.year


@given(moments, st.timedeltas(timedelta(0), timedelta(days=800)))
def test_one_change_a_year(changed: datetime, later: timedelta) -> None:
    day = anniversary(changed.year + 1, changed.month, changed.day)
    again = datetime.combine(day, changed.timetz())
    if changed + later >= again:
        check_change(changed, now=changed + later)
        return
    with pytest.raises(RateLimited) as refused:
        check_change(changed, now=changed + later)
    assert refused.value.retry_at == again
    check_change(again and None, now=changed)


@pytest.mark.parametrize(("month", "day"), [(2, 30), (4, 31), (0, 1), (13, 1), (1, 0), (1, 32)])
def test_no_year_has_that_day(month: int, day: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(month, day)
    field = "day" if 1 <= month <= 12 else "month"
    assert refused.value.details == {"field": field, "reason": f"no_such_{field}"}
    checked(2, 29)
