"""What the cells of another system's table mean: exactly, or not at all."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from loyalty.base import money
from loyalty.base.calendar import day_of, noon_of
from loyalty.counting.units import LARGEST_QUANTITY

# What everybody reads alike: no weeks, no days of the year, no hour without its minutes.
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{8}", re.ASCII)
_TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\d|\d{8})[Tt ]\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?"
    r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_WEEK_OR_ORDINAL = re.compile(r"\d{4}-?(?:[Ww]\d\d(?:-?\d)?|\d{3})(?:[Tt ].*)?", re.ASCII)
_NUMBER = re.compile(r"(?=.)(\d*)(?:([.,])(\d+))?", re.ASCII)
_MOST_DIGITS = 16
_THOUSANDS = 3
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class LineReason(StrEnum):
    """Why a line cannot be imported."""

    FIELDS = "fields"
    QUOTES = "quotes"
    TOO_LONG = "too_long"
    LETTERS = "letters"
    CUSTOMER = "customer"
    TIME = "time"
    NO_DAY = "no_day"
    TOO_EARLY = "too_early"
    FUTURE = "future"
    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"
    TOO_MANY_DECIMALS = "too_many_decimals"
    THOUSANDS = "thousands"
    TOO_MANY_CARDS = "too_many_cards"


class UnreadableError(ValueError):
    """A cell that cannot be taken for certain."""

    def __init__(self, reason: LineReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Moment(NamedTuple):
    """When it was, in UTC, the location's day, and what the file said: it tells equal lines."""

    at: datetime
    day: date
    said: str
    is_date: bool


def minor_units(text: str, *, currency: str) -> int:
    """The amount in minor units of the currency; raises UnreadableError.

    A point or a comma may separate them. Three digits behind it are thousands in some countries
    and decimals in others: where the currency does not have three, and where it is a comma, they
    are refused.
    """
    if not text:
        raise UnreadableError(LineReason.MISSING)
    decimals = money.decimals(currency)
    found = _NUMBER.fullmatch(text.removeprefix("-"))
    if found is None:
        # Two separators, at most: 1,234.56
        is_grouped = re.fullmatch(r"-?[\d.,' \u00a0]*\d", text, re.ASCII) is not None
        raise UnreadableError(LineReason.THOUSANDS if is_grouped else LineReason.NOT_A_NUMBER)
    whole, separator, part = found.group(1), found.group(2), found.group(3) or ""
    if len(part) == _THOUSANDS and (decimals != _THOUSANDS or separator == ","):
        raise UnreadableError(
            LineReason.THOUSANDS if separator == "," else LineReason.TOO_MANY_DECIMALS
        )
    if part[decimals:].strip("0"):
        raise UnreadableError(LineReason.TOO_MANY_DECIMALS)
    if len(whole) > _MOST_DIGITS:
        raise UnreadableError(LineReason.TOO_MUCH)
    amount = int(whole or "0") * 10**decimals + int(part[:decimals].ljust(decimals, "0") or "0")
    return _checked(amount, text, largest=money.largest_sale(currency), beyond=LineReason.TOO_MUCH)


def count(text: str) -> int:
    """A whole number of units; raises UnreadableError."""
    if not text:
        raise UnreadableError(LineReason.MISSING)
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise UnreadableError(LineReason.NOT_A_NUMBER)
    if len(digits) > _MOST_DIGITS:
        raise UnreadableError(LineReason.TOO_LARGE)
    return _checked(int(digits), text, largest=LARGEST_QUANTITY, beyond=LineReason.TOO_LARGE)


def moment(text: str, *, zone: str, now: datetime) -> Moment:
    """The moment of an ISO date, or of an ISO date and time with or without an offset.

    A date is noon at the location, and today's never later than now. Without an offset the time
    is the location's: of the two that an hour played twice has, the first; in an hour that was
    skipped, one hour later. Raises UnreadableError, also for what is yet to come.
    """
    found = _read(text, zone)
    if found is None:
        raise UnreadableError(_why_no_time(text))
    if found.at < _EARLIEST:
        raise UnreadableError(LineReason.TOO_EARLY)
    if found.at <= now:
        return found
    if found.is_date and found.day == day_of(now, zone):
        return found._replace(at=now)
    raise UnreadableError(LineReason.FUTURE)


@lru_cache(maxsize=50_000)
def _read(text: str, zone: str) -> Moment | None:
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return Moment(noon_of(day, zone), day, day.isoformat(), is_date=True)
        if not _TIME.fullmatch(text):
            return None
        found = datetime.fromisoformat(text.upper())
        if found.tzinfo is None:
            at = found.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
            return Moment(at, day_of(at, zone), found.isoformat(), is_date=False)
        at = found.astimezone(UTC)
        return Moment(at, day_of(at, zone), at.isoformat(), is_date=False)
    except (ValueError, OverflowError):
        return None


def _why_no_time(text: str) -> LineReason:
    if not text:
        return LineReason.MISSING
    return LineReason.NO_DAY if _WEEK_OR_ORDINAL.fullmatch(text) else LineReason.TIME


def _checked(number: int, text: str, *, largest: int, beyond: LineReason) -> int:
    if text.startswith("-") and number:
        raise UnreadableError(LineReason.NEGATIVE)
    if number > largest:
        raise UnreadableError(beyond)
    return number
