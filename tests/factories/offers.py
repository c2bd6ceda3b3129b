"""Switches as owners set them, for properties."""

from typing import Any

from hypothesis import strategies as st

from loyalty.switches import BirthdayRule, HappyHour, Reward, StreakRule, Switches

Numbers = st.SearchStrategy[Any]


def _some(numbers: Numbers) -> Numbers:
    return st.none() | numbers


gifts = st.one_of(
    st.builds(Reward, valid_days=_some(st.integers(1, 3660))),
    st.builds(Reward, product_id=st.integers(1, 2**62)),
    st.builds(Reward, percent=st.integers(1, 100)),
    st.builds(Reward, amount=st.integers(1, 2**53 - 1), valid_days=_some(st.integers(1, 3660))),
    st.builds(Reward, text=st.text("aß 猫", min_size=1, max_size=120).filter(str.strip)),
)
switches = st.builds(
    Switches,
    points=st.integers(0, 1_000_000),
    card=_some(gifts),
    streak=_some(
        st.builds(
            StreakRule,
            window=st.integers(1, 366),
            threshold=st.integers(1, 1_000),
            gift=gifts,
            freezes=st.integers(0, 30),
            skips_closed_days=st.booleans(),
        )
    ),
    birthday=_some(
        st.builds(
            BirthdayRule,
            days_before=st.integers(0, 30),
            days_after=st.integers(0, 30),
            min_past_bonuses=st.integers(0, 50),
            gift=gifts,
        )
    ),
    welcome=_some(gifts),
    units_expire_after=_some(st.integers(1, 120)),
    bonus_valid_days=_some(st.integers(1, 3660)),
    daily_cap=_some(st.integers(1, 1_000)),
    happy_hour=_some(
        st.builds(
            HappyHour,
            weekdays=st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple),
            starts=st.sampled_from(["00:00", "09:59", "23:30"]),
            ends=st.sampled_from(["00:30", "12:00", "24:00"]),
            times=st.sampled_from([2, 3]),
        )
    ),
)
