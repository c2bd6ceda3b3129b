"""Which new rules a running card takes up at once."""

from dataclasses import replace

import pytest
from hypothesis import given

from loyalty.switches import NONE, BirthdayRule, Reward, StreakRule, Switches, is_as_good
from tests.factories.offers import switches

FULL = Switches(
    points=2,
    card=Reward(1),
    streak=StreakRule(7, 5, Reward(2)),
    birthday=BirthdayRule(gift=Reward(3)),
    welcome=Reward(percent=10),
    units_expire_after=12,
    bonus_valid_days=30,
    daily_cap=3,
)


@given(switches)
def test_the_same_is_as_good(same: Switches) -> None:
    assert is_as_good(same, same)


@given(switches, switches)
def test_only_what_gives_no_less_is_as_good_both_ways(one: Switches, other: Switches) -> None:
    if is_as_good(one, other) and is_as_good(other, one):
        assert one == other


@pytest.mark.parametrize("name", ["streak", "birthday", "welcome"])
def test_what_is_switched_on_is_a_gain_and_off_a_loss(name: str) -> None:
    less = replace(FULL, **{name: None})  # type: ignore[arg-type]  # each may be off
    assert is_as_good(FULL, less)
    assert not is_as_good(less, FULL)


@pytest.mark.parametrize(
    "change",
    [
        {"card": None},
        {"card": Reward(2)},
        {"streak": StreakRule(7, 6, Reward(2))},
        {"birthday": BirthdayRule(days_after=6, gift=Reward(3))},
        {"welcome": Reward(percent=9)},
        {"units_expire_after": 11},
        {"bonus_valid_days": 29},
        {"daily_cap": 2},
        {"points": 1},
    ],
)
def test_anything_else_waits_for_the_next_completion(change: dict[str, object]) -> None:
    assert not is_as_good(replace(FULL, **change), FULL)  # type: ignore[arg-type]  # each fits its field


@pytest.mark.parametrize("change", [{"units_expire_after": 1}, {"daily_cap": 9}])
def test_a_new_limit_is_no_gain(change: dict[str, int]) -> None:
    assert not is_as_good(replace(NONE, **change), NONE)  # type: ignore[arg-type]  # each fits its field


def test_more_points_are_as_good() -> None:
    assert is_as_good(replace(FULL, points=3), FULL)


def test_the_same_product_at_another_price_is_the_same_gift() -> None:
    dearer = replace(
        FULL,
        card=Reward(1, title="Flat white", worth=400),
        birthday=BirthdayRule(gift=Reward(3, title="Cake", worth=500)),
    )
    assert is_as_good(dearer, FULL)
