"""Cells of another system's table are taken exactly, or refused."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.money import decimals, largest_sale
from loyalty.importing.import_values import LineReason, UnreadableError, count, minor_units, moment

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("29.33", "EUR", 2933),
        ("29,33", "EUR", 2933),
        ("0", "EUR", 0),
        ("0.00", "EUR", 0),
        ("-0.00", "EUR", 0),
        (".5", "EUR", 50),
        ("7", "EUR", 700),
        ("007.10", "EUR", 710),
        ("500", "JPY", 500),
        ("500.00", "JPY", 500),
        ("1.250", "KWD", 1250),
        ("1,25", "KWD", 1250),
        ("1.2500", "KWD", 1250),
        ("10000000", "EUR", 10**9),
        ("9999999.999", "KWD", 10**10 - 1),
        ("10000000000.00", "IDR", 10**12),
    ],
)
def test_amounts_become_minor_units(text: str, currency: str, minor: int) -> None:
    assert minor_units(text, currency=currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [
        ("", "EUR", LineReason.MISSING),
        ("-1", "EUR", LineReason.NEGATIVE),
        ("-29.33", "EUR", LineReason.NEGATIVE),
        ("29.335", "EUR", LineReason.TOO_MANY_DECIMALS),
        ("29.330", "EUR", LineReason.TOO_MANY_DECIMALS),
        ("1.5", "JPY", LineReason.TOO_MANY_DECIMALS),
        ("1.0005", "KWD", LineReason.TOO_MANY_DECIMALS),
        ("1,250", "EUR", LineReason.THOUSANDS),
        ("1,250", "KWD", LineReason.THOUSANDS),
        ("1,234.56", "EUR", LineReason.THOUSANDS),
        ("1.234,56", "EUR", LineReason.THOUSANDS),
        ("1 234", "EUR", LineReason.THOUSANDS),
        ("1e3", "EUR", LineReason.NOT_A_NUMBER),
        ("$5", "EUR", LineReason.NOT_A_NUMBER),
        ("NaN", "EUR", LineReason.NOT_A_NUMBER),
        ("\u0665", "EUR", LineReason.NOT_A_NUMBER),
        (".", "EUR", LineReason.NOT_A_NUMBER),
        ("-", "EUR", LineReason.NOT_A_NUMBER),
        ("10000000.01", "EUR", LineReason.TOO_MUCH),
        ("99999999", "EUR", LineReason.TOO_MUCH),
        ("10000001", "JPY", LineReason.TOO_MUCH),
        ("9" * 5_000, "EUR", LineReason.TOO_MUCH),
        ("-99999999", "EUR", LineReason.NEGATIVE),
    ],
)
def test_other_amounts_are_refused(text: str, currency: str, reason: LineReason) -> None:
    with pytest.raises(UnreadableError) as refused:
        minor_units(text, currency=currency)
    assert refused.value.reason is reason


@given(st.integers(0, 2**53 - 1), st.sampled_from(["JPY", "EUR", "IDR", "KWD"]))
def test_every_amount_comes_back_exactly_or_is_too_much(minor: int, currency: str) -> None:
    places = decimals(currency)
    text = f"{Decimal(minor).scaleb(-places):.{places}f}"
    if minor <= largest_sale(currency):
        assert minor_units(text, currency=currency) == minor
        return
    with pytest.raises(UnreadableError) as refused:
        minor_units(text, currency=currency)
    assert refused.value.reason is LineReason.TOO_MUCH


@pytest.mark.parametrize(("text", "units"), [("0", 0), ("3", 3), ("2147483647", 2**31 - 1)])
def test_counts(text: str, units: int) -> None:
    assert count(text) == units


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", LineReason.MISSING),
        ("-2", LineReason.NEGATIVE),
        ("2.0", LineReason.NOT_A_NUMBER),
        ("\u00b2", LineReason.NOT_A_NUMBER),
        ("2147483648", LineReason.TOO_LARGE),
        ("9" * 5_000, LineReason.TOO_LARGE),
    ],
)
def test_other_counts_are_refused(text: str, reason: LineReason) -> None:
    with pytest.raises(UnreadableError) as refused:
        count(text)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("text", "zone", "at"),
    [
        # Noon there, in winter and in summer, and on the two days on which the clock changes.
        ("2024-01-15", "Europe/Berlin", "2024-01-15T11:00+00:00"),
        ("2024-07-15", "Europe/Berlin", "2024-07-15T10:00+00:00"),
        ("2024-03-31", "Europe/Berlin", "2024-03-31T10:00+00:00"),
        ("2024-10-27", "Europe/Berlin", "2024-10-27T11:00+00:00"),
        ("2024-03-10", "America/New_York", "2024-03-10T16:00+00:00"),
        ("20240115", "UTC", "2024-01-15T12:00+00:00"),
        ("2024-01-15T08:30:15", "Europe/Berlin", "2024-01-15T07:30:15+00:00"),
        ("2024-01-15 08:30", "Europe/Berlin", "2024-01-15T07:30+00:00"),
        ("2024-01-15T08:30:15Z", "Europe/Berlin", "2024-01-15T08:30:15+00:00"),
        ("2024-01-15T08:30:15+05:30", "Europe/Berlin", "2024-01-15T03:00:15+00:00"),
        # The hour that was played twice: the first; the hour that was skipped: one later.
        ("2024-10-27T02:30", "Europe/Berlin", "2024-10-27T00:30+00:00"),
        ("2024-03-31T02:30", "Europe/Berlin", "2024-03-31T01:30+00:00"),
        # Today's noon is still to come: it was before now all the same.
        ("2026-11-22", "Europe/Berlin", "2026-11-22T09:00+00:00"),
        ("2026-11-21", "Europe/Berlin", "2026-11-21T11:00+00:00"),
    ],
)
def test_times(text: str, zone: str, at: str) -> None:
    assert moment(text, zone=zone, now=NOW).at == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", LineReason.MISSING),
        ("yesterday", LineReason.TIME),
        ("31.05.2024", LineReason.TIME),
        ("05/31/2024", LineReason.TIME),
        ("2024-02-30", LineReason.TIME),
        ("2024-05-31T25:00", LineReason.TIME),
        ("45000", LineReason.TIME),
        ("2025-W10", LineReason.NO_DAY),
        ("2025W101", LineReason.NO_DAY),
        ("2025-W10-1T12:00", LineReason.NO_DAY),
        ("2025-069", LineReason.NO_DAY),
        ("2024-05-31T14", LineReason.TIME),
        ("2024-05-31x14:30", LineReason.TIME),
        ("2024-05-31T14:30+05:30:10", LineReason.TIME),
        ("2024-05", LineReason.TIME),
        ("0001-01-01", LineReason.TOO_EARLY),
        ("0001-01-01T00:00+14:00", LineReason.TIME),
        ("1969-12-31", LineReason.TOO_EARLY),
        ("2026-11-23", LineReason.FUTURE),
        ("2026-11-22T10:01", LineReason.FUTURE),
        ("9999-12-31T23:59:59-12:00", LineReason.TIME),
    ],
)
def test_other_times_are_refused(text: str, reason: LineReason) -> None:
    with pytest.raises(UnreadableError) as refused:
        moment(text, zone="Europe/Berlin", now=NOW)
    assert refused.value.reason is reason


@given(st.text("0123456789-WwTt:+Z ., ", max_size=24))
def test_a_time_that_is_taken_says_year_month_and_day(text: str) -> None:
    with suppress(UnreadableError):
        found = moment(text, zone="UTC", now=NOW)
        year, month, day = text[:4], text[4:].lstrip("-")[:2], text[4:10].replace("-", "")[2:4]
        assert re.fullmatch(r"\d{4}(-?)\d\d\1\d\d([Tt ]\d\d:?\d\d.*)?", text)
        assert found.said[:10] == f"{year}-{month}-{day}" or "+" in text or "-" in text[10:]


@given(st.dates(date(1970, 1, 1), date(2026, 11, 22)), st.data())
def test_weeks_and_days_of_the_year_are_no_days(at: date, data: st.DataObject) -> None:
    week, ordinal = at.isocalendar(), at.timetuple().tm_yday
    forms = [f"{week.year}-W{week.week:02}", f"{week.year}W{week.week:02}{week.weekday}"]
    forms += [f"{week.year}-W{week.week:02}-{week.weekday}", f"{at.year:04}-{ordinal:03}"]
    with pytest.raises(UnreadableError) as refused:
        moment(data.draw(st.sampled_from(forms)), zone="UTC", now=NOW)
    assert refused.value.reason is LineReason.NO_DAY


def test_the_day_is_the_locations() -> None:
    late = moment("2024-01-15T23:30Z", zone="Europe/Berlin", now=NOW)
    assert (late.day.isoformat(), late.said) == ("2024-01-16", "2024-01-15T23:30:00+00:00")
