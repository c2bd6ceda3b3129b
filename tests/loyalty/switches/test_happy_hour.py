"""A happy hour is on by the clock of the location: past midnight, and over both clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import ConfigurationInvalid
from loyalty.switches import NONE, HappyHour, Switches, check, is_as_good
from tests.factories.moments import moments, zones

BERLIN = "Europe/Berlin"
TUESDAY_AFTERNOON = HappyHour((1,), "14:00", "16:00", times=3)
FRIDAY_NIGHT = HappyHour((4,), "22:00", "02:00")
# The Sundays in 2027 on which the clocks of Berlin go forward, and back.
FORWARD, BACK = datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "times"),
    [
        (local(2027, 6, 1, 13, 59), 1),
        (local(2027, 6, 1, 14), 3),
        (local(2027, 6, 1, 15, 59), 3),
        (local(2027, 6, 1, 16), 1),
        (local(2027, 6, 2, 15), 1),
    ],
)
def test_its_end_is_not_in_it(at: datetime, times: int) -> None:
    assert TUESDAY_AFTERNOON.times_at(at, zone=BERLIN) == times


@pytest.mark.parametrize(
    ("at", "times"),
    [
        (local(2027, 6, 4, 21, 59), 1),
        (local(2027, 6, 4, 22), 2),
        (local(2027, 6, 5, 1, 59), 2),
        (local(2027, 6, 5, 2), 1),
        # Saturday night is not Friday's.
        (local(2027, 6, 5, 23), 1),
        # Nor does it begin on Friday before dawn.
        (local(2027, 6, 4, 1), 1),
    ],
)
def test_it_goes_on_past_midnight(at: datetime, times: int) -> None:
    assert FRIDAY_NIGHT.times_at(at, zone=BERLIN) == times


def test_the_hour_that_comes_twice_is_in_it_twice() -> None:
    night = HappyHour((6,), "02:00", "03:00")
    # At 00:30 and at 01:30 UTC the clock shows 02:30; half an hour later it is 03:00 only once.
    on = [night.times_at(BACK + timedelta(minutes=30 * n), zone=BERLIN) for n in range(6)]
    assert on == [2, 2, 2, 2, 1, 1]


def test_the_hour_that_is_left_out_is_not_there() -> None:
    night = HappyHour((6,), "02:00", "03:00")
    on = [night.times_at(FORWARD + timedelta(minutes=15 * n), zone=BERLIN) for n in range(12)]
    assert on == [1] * 12
    around = HappyHour((6,), "01:30", "03:30")
    minutes = (0, 29, 30, 59, 60, 89, 90)
    on = [around.times_at(FORWARD + timedelta(minutes=n), zone=BERLIN) for n in minutes]
    # 01:00, 01:29, 01:30, 01:59, then 03:00, 03:29 and 03:30.
    assert on == [1, 1, 2, 2, 2, 2, 1]


@given(moments, zones, st.integers(0, 6))
def test_the_clock_on_the_wall_decides(at: datetime, zone: str, day: int) -> None:
    there = at.astimezone(ZoneInfo(zone))
    is_on = there.weekday() == day and 9 <= there.hour < 17
    assert HappyHour((day,), "09:00", "17:00").times_at(at, zone=zone) == 1 + is_on


@pytest.mark.parametrize(
    "wrong",
    [
        HappyHour((), "14:00", "16:00"),
        HappyHour((7,), "14:00", "16:00"),
        HappyHour((-1,), "14:00", "16:00"),
        HappyHour((1, 1), "14:00", "16:00"),
        HappyHour((1,), "14:00", "14:00"),
        HappyHour((1,), "24:00", "02:00"),
        HappyHour((1,), "14", "16:00"),
        HappyHour((1,), "14:00", "25:00"),
        HappyHour((1,), "14:60", "16:00"),
        HappyHour((1,), "1\u0664:00", "16:00"),
        HappyHour((1,), "14:00\n", "16:00"),
        HappyHour((1,), "14:00", "16:00", times=1),
        HappyHour((1,), "14:00", "16:00", times=4),
    ],
    ids=repr,
)
def test_what_makes_no_sense_is_refused(wrong: HappyHour) -> None:
    with pytest.raises(ConfigurationInvalid) as refused:
        check(Switches(happy_hour=wrong))
    assert refused.value.details == {"field": "switches", "reason": "happy_hour"}


def test_one_that_comes_in_is_a_gain_and_another_one_is_not() -> None:
    old, new = Switches(happy_hour=FRIDAY_NIGHT), Switches(happy_hour=TUESDAY_AFTERNOON)
    assert is_as_good(old, NONE)
    assert is_as_good(old, old)
    assert not is_as_good(new, old)
    assert not is_as_good(NONE, old)
