"""What a sale earns: floors, minimums, ceilings (docs/rules.md#configurations)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import (
    BelowMinimum,
    InvalidInput,
    NothingToEarn,
    ProductUnavailable,
    ScanCap,
)
from loyalty.base.values import (
    BonusModel,
    Mechanic,
    MenuItem,
    Mode,
    OverCap,
    Sale,
    SaleLine,
    StampMode,
)
from loyalty.counting import units
from loyalty.counting.units import missing_for_minimum
from loyalty.programs.configuration import VARIANTS, is_valid, variant_name

amounts = st.integers(min_value=0, max_value=10**12)


def mechanic(model: BonusModel, stamp_mode: StampMode, **numbers: int) -> Mechanic:
    return Mechanic(model, Mode.SIMPLE, stamp_mode, threshold=5, **numbers)  # type: ignore[arg-type]  # only numbers are given


def earned(mechanic: Mechanic, sale: Sale) -> int:
    """All units of the sale, in a program without a menu."""
    return units.total(units.earned(mechanic, sale, {}))


STEP = mechanic(BonusModel.AMOUNT_STEP, StampMode.PER_AMOUNT, step=500)
VISIT = mechanic(BonusModel.QUALIFIED_VISIT, StampMode.PER_VISIT, minimum=500)


@pytest.mark.parametrize(("amount", "count"), [(1250, 2), (2500, 5), (500, 1)])
def test_steps_are_floored(amount: int, count: int) -> None:
    assert earned(STEP, Sale(amount=amount)) == count


def test_less_than_a_step_is_nothing() -> None:
    with pytest.raises(NothingToEarn):
        earned(STEP, Sale(amount=499))


def test_a_cent_below_the_minimum() -> None:
    with pytest.raises(BelowMinimum) as refused:
        earned(VISIT, Sale(amount=499))
    assert refused.value.details == {"missing": 1}
    assert earned(VISIT, Sale(amount=500)) == 1


def test_the_ceiling_trims_or_refuses() -> None:
    trims = mechanic(BonusModel.STAMP_COUNT, StampMode.PER_CART_QTY, max_units_per_scan=5)
    assert earned(trims, Sale(quantity=8)) == 5
    with pytest.raises(ScanCap) as refused:
        earned(replace(trims, over_cap=OverCap.REFUSE), Sale(quantity=8))
    assert refused.value.details == {"limit": 5}


@given(amounts, st.integers(min_value=1, max_value=10**6))
def test_steps_never_round_up(amount: int, step: int) -> None:
    found = mechanic(BonusModel.AMOUNT_STEP, StampMode.PER_AMOUNT, step=step)
    if amount < step:
        with pytest.raises(NothingToEarn):
            earned(found, Sale(amount=amount))
    else:
        count = earned(found, Sale(amount=amount))
        assert count * step <= amount < (count + 1) * step


@given(amounts)
def test_what_is_missing_is_exactly_what_makes_it_qualify(amount: int) -> None:
    missing = missing_for_minimum(VISIT, Sale(amount=amount))
    assert earned(VISIT, Sale(amount=amount + missing)) == 1


@pytest.mark.parametrize("amount", [None, -1, 2**53])
def test_amounts_out_of_range_are_refused(amount: int | None) -> None:
    with pytest.raises(InvalidInput):
        earned(STEP, Sale(amount=amount))


def test_sixteen_configurations_are_valid_and_ten_have_names() -> None:
    every = [(model, mode, stamp) for model in BonusModel for mode in Mode for stamp in StampMode]
    valid = [found for found in every if is_valid(found[0], found[2])]
    assert (len(every), len(valid), len(VARIANTS)) == (32, 16, 10)
    assert {variant_name(*found) for found in valid} - {None} == set(VARIANTS)
    assert all(variant_name(*found) is None for found in every if found not in valid)


def test_lines_count_as_far_as_they_are_the_programs() -> None:
    items = mechanic(BonusModel.STAMP_COUNT, StampMode.PER_LINE_ITEM)
    menu = units.menu([MenuItem(1), MenuItem(2)])
    sale = Sale(lines=(SaleLine(1, 2), SaleLine(99, 5), SaleLine(2)))
    assert units.total(units.earned(items, sale, menu)) == 3
    with pytest.raises(ProductUnavailable) as none:
        units.earned(items, Sale(lines=(SaleLine(98, 2), SaleLine(99))), menu)
    assert none.value.details == {"what": "lines"}


@pytest.mark.parametrize("quantity", [0, -1, 2**31])
def test_a_line_without_a_piece_is_named(quantity: int) -> None:
    items = mechanic(BonusModel.STAMP_COUNT, StampMode.PER_LINE_ITEM)
    sale = Sale(lines=(SaleLine(1, 2), SaleLine(1, quantity)))
    with pytest.raises(InvalidInput) as refused:
        units.earned(items, sale, units.menu([MenuItem(1)]))
    assert refused.value.details == {"field": "lines[1].quantity", "reason": "range"}
