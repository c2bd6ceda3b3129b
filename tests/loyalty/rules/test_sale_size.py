"""A sale is as large as sales are: anything beyond is a typing mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.errors import InvalidInput, ScanCap
from loyalty.money import decimals, largest_sale
from loyalty.rules import units
from loyalty.rules.sale_size import MOST_CARDS, check_amount, check_cards
from loyalty.values import BonusModel, Mechanic, Mode, Sale, StampMode, Surplus, Units

CODES = st.sampled_from(["JPY", "EUR", "KWD", "IDR", "VND", "IQD"])
PER_AMOUNT = (Mode.SIMPLE, StampMode.PER_AMOUNT)
# What a column of the database holds, and what a client's number holds exactly.
BIGINT, EXACT = 2**63 - 1, 2**53 - 1


@pytest.mark.parametrize(
    ("currency", "limit"),
    [
        ("JPY", 10_000_000),
        ("EUR", 1_000_000_000),
        ("KWD", 10_000_000_000),
        ("VND", 10_000_000_000),
        ("IDR", 1_000_000_000_000),
        ("IQD", 10_000_000_000_000),
    ],
)
def test_the_edge_of_each_kind_of_money(currency: str, limit: int) -> None:
    for fits in (None, 0, 1, limit):
        check_amount(fits, currency=currency)
    for wrong in (-1, limit + 1, 10**15, BIGINT):
        with pytest.raises(InvalidInput) as refused:
            check_amount(wrong, currency=currency)
        assert refused.value.details == {
            "field": "amount",
            "reason": "range",
            "limit": limit,
            "currency": currency,
        }


@given(amount=st.integers(-(2**63), BIGINT), currency=CODES)
def test_an_amount_fits_or_is_refused(amount: int, currency: str) -> None:
    major = amount / 10 ** decimals(currency)
    try:
        check_amount(amount, currency=currency)
    except InvalidInput:
        assert amount < 0 or major > 10_000_000
    else:
        assert 0 <= amount <= largest_sale(currency)
        assert major <= 10_000_000_000


@given(
    amount=st.integers(0, 2**63),
    step=st.integers(1, 10**6),
    currency=CODES,
    threshold=st.integers(1, EXACT),
)
def test_units_of_what_fits_never_overflow(
    amount: int, step: int, currency: str, threshold: int
) -> None:
    amount = min(amount, largest_sale(currency))
    for model in (BonusModel.AMOUNT_STEP, BonusModel.CUMULATIVE_SPEND):
        rules = Mechanic(model, *PER_AMOUNT, threshold=threshold, step=step)
        if amount >= step:
            earned = units.total(units.earned(rules, Sale(amount=amount), {}))
            assert 0 < earned <= amount <= EXACT


@given(count=st.integers(1, EXACT), threshold=st.integers(1, 10**9))
def test_one_scan_fills_a_hundred_cards(count: int, threshold: int) -> None:
    rules = Mechanic(BonusModel.AMOUNT_STEP, *PER_AMOUNT, threshold=threshold, step=1)
    if count // threshold <= MOST_CARDS:
        check_cards(rules, [Units(None, count)])
        return
    with pytest.raises(ScanCap) as refused:
        check_cards(rules, [Units(None, count)])
    limit = 100 * threshold
    assert refused.value.details == {"what": "cards", "cards": 100, "limit": limit}


def test_money_that_forfeits_fills_one() -> None:
    kind = BonusModel.CUMULATIVE_SPEND
    rules = Mechanic(kind, *PER_AMOUNT, threshold=1, surplus=Surplus.FORFEIT)
    check_cards(rules, [Units(None, largest_sale("EUR"))])
