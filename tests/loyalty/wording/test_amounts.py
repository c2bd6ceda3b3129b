"""Money has all decimals of its currency, in the reader's language, wherever it is said."""

import pytest
from django.utils import translation

from loyalty.base.values import Preview
from loyalty.wording.amounts import money, units, units_less
from loyalty.wording.preview_text import preview_text
from loyalty.wording.refusal_text import sentence


@pytest.mark.parametrize(
    ("language", "minor", "currency", "text"),
    [
        ("en", 1000, "JPY", "JP¥1,000"),
        ("en", 1250, "EUR", "€12.50"),
        ("en", 1500, "KWD", "KWD\xa01.500"),
        ("en", 1, "KWD", "KWD\xa00.001"),
        ("en", -5, "EUR", "-€0.05"),
        ("de", 1000, "JPY", "1.000\xa0¥"),
        ("de", 1250, "EUR", "12,50\xa0€"),
        ("de", 1500, "KWD", "1,500\xa0KWD"),
        ("en", 2**53 - 1, "EUR", "€90,071,992,547,409.91"),
    ],
)
def test_an_amount(language: str, minor: int, currency: str, text: str) -> None:
    with translation.override(language):
        assert money(minor, currency=currency) == text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "€12.50"), ("de", "12,50\xa0€"), ("fr", "12,50\xa0€")]
)
def test_every_amount_is_said_as_its_reader_writes_it(language: str, said: str) -> None:
    sale = Preview((), 1250, 0, 0, None, "EUR", counts_money=False)
    with translation.override(language):
        assert units(1250, currency="EUR") == said
        assert said in units_less(1250, currency="EUR")
        short = {"missing": 1250, "currency": "EUR"}
        assert said in sentence("BELOW_MINIMUM", short)
        assert said in sentence("SCAN_CAP", {"limit": 1250, "currency": "EUR"})
        large = {"field": "amount", "reason": "range", "limit": 1250, "currency": "EUR"}
        assert said in sentence("INVALID_INPUT", large)
        assert said in (preview_text(sale) or "")
