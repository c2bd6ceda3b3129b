"""Whatever is entered for a sale counts, or is refused; its total may be noted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import InvalidInput, ProductUnavailable
from loyalty.base.values import BonusModel, Mechanic, MenuItem, Mode, Sale, SaleLine, StampMode
from loyalty.counting import units
from loyalty.counting.sale_arguments import check_arguments
from loyalty.programs.configuration import VARIANTS, is_valid

SOUP, PASTA, FOREIGN = 1, 2, 99
MENU = units.menu([MenuItem(SOUP, 10, 1), MenuItem(PASTA, 20, 2)])
VALID = [
    (model, mode, stamp)
    for model in BonusModel
    for mode in Mode
    for stamp in StampMode
    if is_valid(model, stamp)
]
numbers = st.none() | st.integers(0, 1000)
lines = st.lists(st.builds(SaleLine, st.just(SOUP), st.integers(1, 9)), max_size=3).map(tuple)
sales = st.builds(Sale, numbers, numbers, st.none() | st.just(SOUP), lines)


def mechanic(model: BonusModel, mode: Mode, stamp_mode: StampMode) -> Mechanic:
    return Mechanic(model, mode, stamp_mode, threshold=5, step=1, minimum=1)


def refused(rules: Mechanic, **entered: object) -> dict[str, str | int]:
    with pytest.raises(InvalidInput) as found:
        check_arguments(rules, Sale(**entered), MENU)  # type: ignore[arg-type]  # as the row says
    return found.value.details


@given(sales, st.sampled_from(VALID))
def test_what_passes_is_what_counts(sale: Sale, kind: tuple[BonusModel, Mode, StampMode]) -> None:
    rules = mechanic(*kind)
    try:
        check_arguments(rules, sale, MENU)
    except InvalidInput:
        return
    stamp = rules.stamp_mode
    assert sale.quantity in {None, 1} or stamp is StampMode.PER_CART_QTY
    assert not sale.lines or stamp is StampMode.PER_LINE_ITEM


@pytest.mark.parametrize(
    ("variant", "entered"),
    [
        ("stamp-classic", {}),
        ("stamp-classic", {"quantity": 1, "product_id": SOUP}),
        ("stamp-classic", {"amount": 500}),
        ("stamp-cart", {"quantity": 7}),
        ("stamp-cart", {"quantity": 7, "amount": 500}),
        ("stamp-spend", {"amount": 1}),
        ("tier-visit", {"product_id": SOUP}),
        ("tier-item", {"lines": (SaleLine(SOUP), SaleLine(FOREIGN))}),
        ("tier-spend", {"amount": 0}),
        ("spend-total", {"amount": 9}),
        ("visit-spend", {"amount": 9}),
        ("visit-tier", {"amount": 9, "product_id": PASTA}),
    ],
)
def test_what_each_variant_takes(variant: str, entered: dict[str, object]) -> None:
    check_arguments(mechanic(*VARIANTS[variant]), Sale(**entered), MENU)  # type: ignore[arg-type]  # as the row says


@pytest.mark.parametrize(
    ("variant", "entered", "field", "takes"),
    [
        ("stamp-classic", {"quantity": 5, "product_id": SOUP}, "quantity", "nothing"),
        ("stamp-classic", {"quantity": 0}, "quantity", "nothing"),
        ("stamp-classic", {"lines": (SaleLine(SOUP),)}, "lines", "nothing"),
        ("stamp-cart", {"quantity": 2, "lines": (SaleLine(SOUP),)}, "lines", "quantity"),
        ("tier-visit", {"product_id": SOUP, "quantity": 5}, "quantity", "productId"),
        ("tier-item", {"quantity": 5}, "quantity", "lines"),
        ("tier-item", {"product_id": SOUP}, "productId", "lines"),
        ("spend-total", {"quantity": 1}, "quantity", "amount"),
        ("spend-total", {"amount": 1, "product_id": SOUP}, "productId", "amount"),
        ("visit-spend", {"amount": 900, "quantity": 3}, "quantity", "amount"),
    ],
)
def test_what_is_not_counted_is_refused(
    variant: str, entered: dict[str, object], field: str, takes: str
) -> None:
    found = refused(mechanic(*VARIANTS[variant]), **entered)
    assert found == {"field": field, "reason": "unsuitable", "takes": takes}


@pytest.mark.parametrize(
    ("kind", "takes"),
    [
        (
            (BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_CART_QTY),
            "quantity, productId",
        ),
        ((BonusModel.QUALIFIED_VISIT, Mode.SIMPLE, StampMode.PER_CART_QTY), "amount, quantity"),
    ],
)
def test_without_a_name_too(kind: tuple[BonusModel, Mode, StampMode], takes: str) -> None:
    assert refused(mechanic(*kind), lines=(SaleLine(SOUP),))["takes"] == takes
    lines = mechanic(BonusModel.QUALIFIED_VISIT, Mode.SIMPLE, StampMode.PER_LINE_ITEM)
    assert refused(lines, quantity=1)["takes"] == "amount, lines"


@pytest.mark.parametrize("variant", ["stamp-classic", "stamp-cart", "tier-visit", "visit-tier"])
def test_a_product_is_the_programs_own(variant: str) -> None:
    with pytest.raises(ProductUnavailable):
        check_arguments(mechanic(*VARIANTS[variant]), Sale(product_id=FOREIGN), MENU)
