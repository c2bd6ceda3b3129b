"""What the machine draws: programs, switches, sales, moments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode, Surplus
from loyalty.switches import BirthdayRule, HappyHour, Reward, StreakRule, Switches
from tests.model.history import House, Rung

CLASSIC = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=3)
STEP = Mechanic(BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=3, step=500)
TOTAL = Mechanic(
    BonusModel.CUMULATIVE_SPEND,
    Mode.SIMPLE,
    StampMode.PER_AMOUNT,
    threshold=2000,
    surplus=Surplus.FORFEIT,
)
TIER_ITEM = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, threshold=3)
VISIT_SPEND = Mechanic(
    BonusModel.QUALIFIED_VISIT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=3, minimum=500
)

mechanics = st.sampled_from([CLASSIC, STEP, TOTAL, TIER_ITEM, VISIT_SPEND])
# A product, or words; good for as long as the program says.
gifts = st.sampled_from([Reward(), Reward(text="Thank you")])
streaks = st.builds(
    StreakRule,
    window=st.integers(1, 2),
    threshold=st.integers(2, 3),
    gift=gifts,
    freezes=st.integers(0, 1),
)
birthdays = st.builds(
    BirthdayRule,
    days_before=st.integers(0, 2),
    days_after=st.integers(0, 2),
    min_past_bonuses=st.integers(0, 1),
    gift=gifts,
)
# Over noon, past midnight, through the night in which the clocks change, all day long.
happy_hours = st.builds(
    HappyHour,
    weekdays=st.sampled_from([(0, 1, 2, 3, 4, 5, 6), (4, 5, 6), (0,), (6, 5)]),
    starts=st.sampled_from(["00:00", "01:30", "12:00", "22:00"]),
    ends=st.sampled_from(["02:30", "12:30", "15:00", "24:00"]),
    times=st.sampled_from([2, 3]),
)
switches = st.builds(
    Switches,
    points=st.integers(0, 3),
    streak=st.none() | streaks,
    birthday=st.none() | birthdays,
    welcome=st.none() | gifts,
    units_expire_after=st.none() | st.just(1),
    bonus_valid_days=st.none() | st.integers(1, 3),
    daily_cap=st.none() | st.none() | st.integers(1, 2),
    happy_hour=st.none() | happy_hours,
)
# What an owner may change of them while cards run.
changes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({}),
    st.fixed_dictionaries({"happy_hour": st.none() | happy_hours}),
    st.fixed_dictionaries({"daily_cap": st.none() | st.integers(1, 2)}),
    st.fixed_dictionaries({"bonus_valid_days": st.none() | st.integers(1, 3)}),
    st.fixed_dictionaries({"units_expire_after": st.none() | st.just(1)}),
)
LEVELS = (Rung("Silver", 4, 150, has_gift=True), Rung("Gold", 9, 200, has_gift=True))
# Without levels, with them, and with one rise in ten days at most.
houses = st.builds(
    lambda house, is_restless: replace(house, is_restless=is_restless),
    st.sampled_from([House(), House(LEVELS), House(LEVELS, most_rises=1)]),
    st.sampled_from([False, False, True]),
)
# In units of the examples: below a step or minimum, just there, several cards at once.
amounts = st.sampled_from([499, 500, 999, 1250, 2000, 2500, 9999])
pieces = st.integers(1, 7)
# Days before the clocks change in one of the two zones, a leap day, new year.
days = st.sampled_from(
    [
        datetime(2027, 3, 13, tzinfo=UTC),
        datetime(2027, 3, 27, tzinfo=UTC),
        datetime(2027, 10, 30, tzinfo=UTC),
        datetime(2027, 11, 6, tzinfo=UTC),
        datetime(2027, 12, 30, tzinfo=UTC),
        datetime(2027, 2, 26, tzinfo=UTC),
        datetime(2028, 2, 26, tzinfo=UTC),
    ]
)
starts = st.builds(lambda day, hour: day + timedelta(hours=hour), days, st.integers(0, 23))
# Birthdays so many days after the life begins; None is 29 February.
feasts = st.integers(-2, 6) | st.none()
waits = st.sampled_from(
    [timedelta(milliseconds=1)]
    + [timedelta(seconds=n) for n in (30, 89, 90, 179, 180)]
    + [timedelta(hours=n) for n in (1, 5, 12, 23)]
    + [timedelta(days=n) for n in (1, 1, 2, 3, 8, 27, 31, 365)]
)
# Between two visits.
pauses = st.sampled_from(
    [timedelta(days=1)] * 4
    + [timedelta(hours=n) for n in (1, 23, 25, 47, 49)]
    + [timedelta(days=n) for n in (2, 3, 4, 31)]
)
picks = st.integers(0, 30)


def feast(start: datetime, days: int | None) -> tuple[int, int]:
    """Month and day of a birthday."""
    if days is None:
        return 2, 29
    born = start + timedelta(days=days)
    return born.month, born.day
