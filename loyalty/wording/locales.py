"""How the active language writes money, days and times: CLDR's patterns, by Babel.

Counts, amounts and times have Latin digits in every language (docs/rules.md#languages).
"""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency
from django.utils.translation import get_language

from loyalty.base.money import decimals

# Plain "en" would be American to CLDR, and "pt" Brazilian: a price behind the sign, a.m. and p.m.
_KNOWN_AS = {"en": "en_GB", "pt": "pt_PT", "zh-hans": "zh_Hans"}
_DECIMALS = re.compile(r"\.0+")
_CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")
_LATIN = "latn"


def amount(minor: int, *, currency: str) -> str:
    """Minor units as money: "€12.50", "12,50 €", "1,000 ¥"; with all decimals that it has."""
    locale, places = _locale(), decimals(currency)
    written = format_currency(
        Decimal(minor).scaleb(-places),
        currency,
        format=_money_pattern(str(locale), places),
        locale=locale,
        currency_digits=False,
        numbering_system=_LATIN,
    )
    # "UAH12.50" is read as one word.
    return _CODE_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", written)


def day(local: date) -> str:
    """The day with its year: "5 Nov 2026"."""
    return format_skeleton("yMMMd", _midday(local), locale=_locale())


def day_of_year(local: date) -> str:
    """The day without a year: "5 November"."""
    return format_skeleton("MMMMd", _midday(local), locale=_locale())


def weekday(local: date) -> str:
    """The day of the week in full: "Thursday"."""
    return format_date(local, "EEEE", locale=_locale())


def time_of_day(local: datetime) -> str:
    """The time of a local moment, to the minute: "16:21", "4:21 pm"."""
    return format_time(local.replace(tzinfo=None), "short", locale=_locale())


def with_time(said_day: str, local: datetime) -> str:
    """A day that was said already, and the time of the moment: "5 Nov 2026, 16:21"."""
    pattern = str(_locale().datetime_formats["medium"])
    return pattern.replace("'", "").format(time_of_day(local), said_day)


def _locale() -> Locale:
    return _parsed(get_language() or "en")


@lru_cache(maxsize=64)
def _parsed(language: str) -> Locale:
    return Locale.parse(_KNOWN_AS.get(language, language), sep="_")


@lru_cache(maxsize=256)
def _money_pattern(locale: str, places: int) -> str:
    # The currency's own decimals (ISO 4217), not those that people round to on paper.
    usual = Locale.parse(locale).currency_formats["standard"].pattern
    return _DECIMALS.sub(f".{'0' * places}" if places else "", usual)


def _midday(local: date) -> datetime:
    return datetime(local.year, local.month, local.day, 12)  # noqa: DTZ001  a day of the calendar
