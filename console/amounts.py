"""Amounts of money as people read them."""

from decimal import Decimal

from django.utils.formats import number_format

from loyalty.base.money import decimals


def shown(minor: int, *, currency: str) -> str:
    """Minor units in the active language, with all decimals of the currency and its code."""
    places = decimals(currency)
    return f"{number_format(Decimal(minor).scaleb(-places), decimal_pos=places)} {currency}"
