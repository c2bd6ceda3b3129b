"""Open or closed: spans, midnight, days, zones."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.opening_hours import is_open

DAY = {"0": [["08:00", "12:00"], ["13:00", "18:00"]], "4": [["18:00", "02:00"]]}
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
minutes = st.integers(0, 24 * 60 - 1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("moment", "is_inside"),
    [
        (at(0, 7, 59), False),
        (at(0, 8), True),
        (at(0, 12), False),
        (at(0, 13), True),
        (at(0, 18), False),
        (at(1, 10), False),
        (at(4, 17, 59), False),
        (at(4, 23), True),
        (at(5, 1, 59), True),
        (at(5, 2), False),
        (at(5, 18), False),
    ],
)
def test_spans_and_midnight(moment: datetime, *, is_inside: bool) -> None:
    assert is_open(DAY, at=moment, zone="UTC") is is_inside


def test_the_zone_decides_about_day_and_hour() -> None:
    assert is_open(DAY, at=at(0, 7), zone="Europe/Berlin")
    assert not is_open(DAY, at=at(0, 17), zone="Europe/Berlin")
    # Sunday evening in UTC is Monday morning in Tokyo.
    assert is_open(DAY, at=at(-1, 23), zone="Asia/Tokyo")


def test_unknown_hours_are_never_closed_and_a_whole_day_never_ends() -> None:
    assert is_open(None, at=at(3, 3), zone="UTC")
    assert is_open({}, at=at(3, 3), zone="UTC")
    for span in (["00:00", "24:00"], ["00:00", "00:00"]):
        assert all(is_open({"3": [span]}, at=at(3, hour), zone="UTC") for hour in range(24))


@given(minutes, minutes, minutes)
def test_a_span_is_open_for_its_length(start: int, end: int, minute: int) -> None:
    texts = [f"{each // 60:02d}:{each % 60:02d}" for each in (start, end)]
    hours = {str(day): [texts] for day in range(7)}
    since = (minute - start) % (24 * 60)
    length = (end - start) % (24 * 60) or 24 * 60
    moment = MONDAY + timedelta(minutes=minute)
    assert is_open(hours, at=moment, zone="UTC") is (since < length)
