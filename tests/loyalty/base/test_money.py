"""Currencies with 0, 2 and 3 decimals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.money import decimals, is_known, shown

CODES = st.sampled_from(["JPY", "EUR", "KWD"])


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1000, "JPY", "1000 JPY"),
        (1, "JPY", "1 JPY"),
        (0, "JPY", "0 JPY"),
        (-5, "JPY", "-5 JPY"),
        (1000, "EUR", "10.00 EUR"),
        (5, "EUR", "0.05 EUR"),
        (-1, "EUR", "-0.01 EUR"),
        (1500, "KWD", "1.500 KWD"),
        (1, "KWD", "0.001 KWD"),
        (-1500, "KWD", "-1.500 KWD"),
    ],
)
def test_minor_units_as_text(minor: int, currency: str, text: str) -> None:
    assert shown(minor, currency=currency) == text


@given(minor=st.integers(-(2**53), 2**53), currency=CODES)
def test_no_digit_is_lost(minor: int, currency: str) -> None:
    number, _, code = shown(minor, currency=currency).rpartition(" ")
    assert (int(number.replace(".", "")), code) == (minor, currency)
    assert len(number.partition(".")[2]) == decimals(currency)


@pytest.mark.parametrize("code", ["EUR", "USD", "PLN", "UAH", "KZT", "JPY", "KRW", "KWD", "TND"])
def test_money_that_people_pay_with(code: str) -> None:
    assert is_known(code)


@pytest.mark.parametrize(
    "code", ["XYZ", "eur", "EU", "EURO", "", " EUR", "EUR\n", "ÉUR", "XXX", "XTS", "XAU", "DEM"]
)
def test_what_is_no_currency(code: str) -> None:
    assert not is_known(code)
