"""Numbers that make no sense are refused, by the name of their switch."""

from dataclasses import replace

import pytest
from hypothesis import given

from loyalty.base.errors import ConfigurationInvalid
from loyalty.switches import NONE, BirthdayRule, Reward, StreakRule, Switches, check, wrong_part
from tests.factories.offers import switches


@given(switches)
def test_sensible_switches_pass(wanted: Switches) -> None:
    check(wanted)


WRONG_GIFTS = [
    Reward(1, percent=10),
    Reward(percent=10, amount=100),
    Reward(amount=100, text="Free"),
    Reward(percent=0),
    Reward(percent=101),
    Reward(amount=0),
    Reward(amount=2**53),
    Reward(amount=-1),
    Reward(1, valid_days=0),
    Reward(1, valid_days=3661),
    Reward(text="x" * 121),
    Reward(text="   "),
]


@pytest.mark.parametrize("gift", WRONG_GIFTS, ids=repr)
def test_a_gift_is_one_thing_in_range(gift: Reward) -> None:
    assert wrong_part(gift)
    for name, rules in (
        ("card", Switches(card=gift)),
        ("welcome", Switches(welcome=gift)),
        ("streak", Switches(streak=StreakRule(1, 1, gift))),
        ("birthday", Switches(birthday=BirthdayRule(gift=gift))),
    ):
        with pytest.raises(ConfigurationInvalid) as refused:
            check(rules)
        assert refused.value.details == {"field": "switches", "reason": name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("points", -1),
        ("points", 1_000_001),
        ("streak", StreakRule(0, 1)),
        ("streak", StreakRule(367, 1)),
        ("streak", StreakRule(1, 0)),
        ("streak", StreakRule(1, 1_001)),
        ("streak", StreakRule(1, 1, freezes=-1)),
        ("streak", StreakRule(1, 1, freezes=31)),
        ("birthday", BirthdayRule(-1, 0)),
        ("birthday", BirthdayRule(31, 0)),
        ("birthday", BirthdayRule(0, 31)),
        ("birthday", BirthdayRule(0, -1)),
        ("birthday", BirthdayRule(min_past_bonuses=-1)),
        ("birthday", BirthdayRule(min_past_bonuses=51)),
        ("units_expire_after", 0),
        ("units_expire_after", 121),
        ("bonus_valid_days", 0),
        ("bonus_valid_days", 3661),
        ("daily_cap", 0),
        ("daily_cap", 1_001),
    ],
)
def test_a_number_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ConfigurationInvalid) as refused:
        check(replace(NONE, **{name: value}))  # type: ignore[arg-type]  # each fits its field
    assert refused.value.details["reason"] == name


@pytest.mark.parametrize(
    ("gift", "part"),
    [
        (Reward(), None),
        (Reward(percent=100, valid_days=3660), None),
        (Reward(1, percent=10), ("", "exactly_one")),
        (Reward(percent=0), ("percent", "range")),
        (Reward(amount=0), ("amount", "range")),
        (Reward(text="  "), ("text", "length")),
        (Reward(text="x" * 121), ("text", "length")),
        (Reward(percent=10, valid_days=0), ("valid_days", "range")),
    ],
)
def test_the_part_that_is_wrong_is_named(gift: Reward, part: tuple[str, str] | None) -> None:
    assert wrong_part(gift) == part
