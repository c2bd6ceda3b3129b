"""The table and the examples of the specification, section 3, row by row."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from loyalty.base.errors import BelowMinimum, NothingToEarn, ScanCap, TierNotAllowed
from loyalty.base.values import Mechanic, MenuItem, OverCap, Sale, SaleLine, Surplus
from loyalty.counting import units
from loyalty.counting.completion import credit
from loyalty.counting.units import missing_for_minimum
from loyalty.programs.configuration import VARIANTS
from loyalty.programs.publish_program import usual_surplus
from loyalty.redeeming.choice import BonusOffer, ProductWish, chosen

SOUP, PASTA, PIZZA, STEAK, FOREIGN = 1, 2, 3, 4, 99
STARTER, MAIN, PREMIUM = 10, 20, 30
MENU = units.menu(
    [
        MenuItem(SOUP, STARTER, 1),
        MenuItem(PASTA, MAIN, 2),
        MenuItem(PIZZA, MAIN, 2),
        MenuItem(STEAK, PREMIUM, 3),
    ]
)
Counted = dict[int | None, int]


@dataclass(frozen=True)
class Row:
    """A variant, what staff enter, the units by tier, and which tiers its bonus opens."""

    variant: str
    sale: Sale
    counted: Counted
    is_open: bool | None = None


TABLE = [
    Row("stamp-classic", Sale(), {None: 1}),
    Row("stamp-cart", Sale(quantity=4), {None: 4}),
    Row("stamp-spend", Sale(amount=1250), {None: 2}),
    Row("tier-visit", Sale(product_id=PASTA), {MAIN: 1}, is_open=False),
    Row(
        "tier-item",
        Sale(lines=(SaleLine(PASTA, 2), SaleLine(STEAK), SaleLine(PIZZA), SaleLine(FOREIGN, 5))),
        {MAIN: 3, PREMIUM: 1},
        is_open=False,
    ),
    Row("tier-spend", Sale(amount=1250), {None: 2}, is_open=True),
    Row("spend-total", Sale(amount=1250), {None: 1250}),
    Row("spend-tier", Sale(amount=1250), {None: 1250}, is_open=True),
    Row("visit-spend", Sale(amount=1250), {None: 1}),
    Row("visit-tier", Sale(amount=1250), {None: 1}, is_open=True),
]


def mechanic(variant: str, **numbers: Any) -> Mechanic:
    """The variant with the specification's numbers: five stamps, 5.00 a step and at least."""
    model, mode, stamp_mode = VARIANTS[variant]
    given = {"threshold": 5, "step": 500, "minimum": 500, **numbers}
    return Mechanic(model, mode, stamp_mode, surplus=usual_surplus(model), **given)


def earned(rules: Mechanic, sale: Sale) -> Counted:
    """The units by tier."""
    return {each.tier_id: each.count for each in units.earned(rules, sale, MENU)}


def test_the_table_has_all_ten() -> None:
    assert sorted(row.variant for row in TABLE) == sorted(VARIANTS)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.variant)
def test_each_variant_counts_what_its_row_says(row: Row) -> None:
    assert earned(mechanic(row.variant), row.sale) == row.counted


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.variant)
def test_tiers_are_matched_where_stamps_are_counted_and_open_elsewhere(row: Row) -> None:
    assert mechanic(row.variant).is_matched == (row.is_open is False)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.variant)
def test_stamps_carry_over_and_money_restarts(row: Row) -> None:
    is_money = row.variant in {"spend-total", "spend-tier"}
    assert mechanic(row.variant).surplus is (Surplus.FORFEIT if is_money else Surplus.CARRY)


@pytest.mark.parametrize("variant", ["stamp-spend", "tier-spend"])
@pytest.mark.parametrize(("amount", "count"), [(1250, 2), (2500, 5), (500, 1), (499, 0)])
def test_a_step_of_five(variant: str, amount: int, count: int) -> None:
    rules = mechanic(variant)
    if count:
        assert earned(rules, Sale(amount=amount)) == {None: count}
    else:
        with pytest.raises(NothingToEarn):
            earned(rules, Sale(amount=amount))


@pytest.mark.parametrize("variant", ["visit-spend", "visit-tier"])
def test_a_minimum_of_five(variant: str) -> None:
    rules = mechanic(variant)
    assert missing_for_minimum(rules, Sale(amount=499)) == 1
    with pytest.raises(BelowMinimum) as refused:
        earned(rules, Sale(amount=499))
    assert refused.value.details == {"missing": 1}
    assert earned(rules, Sale(amount=500)) == {None: 1}


@pytest.mark.parametrize("minor", [1, 100, 1000])
def test_units_are_floored_in_currencies_with_none_two_and_three_decimals(minor: int) -> None:
    rules = mechanic("stamp-spend", step=5 * minor)
    assert earned(rules, Sale(amount=12 * minor + minor // 2)) == {None: 2}


def test_a_ceiling_of_five() -> None:
    trims = mechanic("stamp-cart", max_units_per_scan=5)
    assert earned(trims, Sale(quantity=8)) == {None: 5}
    with pytest.raises(ScanCap) as refused:
        earned(replace(trims, over_cap=OverCap.REFUSE), Sale(quantity=8))
    assert refused.value.details == {"limit": 5}


@pytest.mark.parametrize(("count", "bonuses", "left"), [(7, 1, 2), (25, 5, 0), (4, 0, 4)])
def test_five_stamps_fill_a_card(count: int, bonuses: int, left: int) -> None:
    after = credit(open_units=0, debt=0, units=count, threshold=5, surplus=Surplus.CARRY)
    assert (after.completed, after.open, after.debt) == (bonuses, left, 0)


def test_money_gives_one_bonus_and_writes_the_rest_off() -> None:
    after = credit(open_units=4000, debt=0, units=8000, threshold=5000, surplus=Surplus.FORFEIT)
    assert (after.completed, after.open) == (1, 0)
    assert [(each.kind, each.units) for each in after.movements] == [
        ("earn", 8000),
        ("complete", -5000),
        ("forfeit", -7000),
    ]


def test_money_carries_over_where_the_owner_says_so() -> None:
    after = credit(open_units=4000, debt=0, units=8000, threshold=5000, surplus=Surplus.CARRY)
    assert (after.completed, after.open) == (2, 2000)


@pytest.mark.parametrize(("product", "rank"), [(SOUP, 1), (PASTA, 2), (PIZZA, 2)])
def test_five_mains_are_a_main_or_a_starter(product: int, rank: int) -> None:
    assert chosen(_offer(rank=2), _wish(product, rank), was_asked=True) == product


def test_five_mains_are_no_premium() -> None:
    with pytest.raises(TierNotAllowed):
        chosen(_offer(rank=2), _wish(STEAK, 3), was_asked=True)


def test_an_open_menu_gives_any_tier() -> None:
    assert chosen(_offer(rank=None), _wish(STEAK, 3), was_asked=True) == STEAK


def _offer(*, rank: int | None) -> BonusOffer:
    return BonusOffer(program_id=1, product_id=None, is_menu=True, rank=rank)


def _wish(product: int, rank: int) -> ProductWish:
    return ProductWish(product_id=product, program_id=1, rank=rank, is_archived=False)
