"""Days as people at a location count them."""

from calendar import isleap, monthrange
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MONTHS = 12
WEEK = 7


def day_of(at: datetime, zone: str) -> date:
    """The location's calendar day at this moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """The moment, in UTC, at which this day begins at the location."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def noon_of(day: date, zone: str) -> datetime:
    """The moment, in UTC, of this day's noon at the location."""
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def last_day(end: datetime, zone: str) -> date:
    """The last day that counts when something ends at this moment."""
    return day_of(end - timedelta(microseconds=1), zone)


def months_later(at: datetime, months: int, zone: str) -> datetime:
    """The end, in UTC, of the same day so many months later; a shorter month ends earlier."""
    day = day_of(at, zone)
    year, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + year, month + 1
    same = date(year, month, min(day.day, monthrange(year, month)[1]))
    return start_of(same + DAY, zone)


def days_later(at: datetime, days: int, zone: str) -> datetime:
    """The end, in UTC, of the location's day so many days later."""
    return start_of(day_of(at, zone) + days * DAY + DAY, zone)


def open_days_between(first: date, last: date, closed: Collection[int]) -> int:
    """The days from `first` to `last`, but for those between them on closed weekdays (0-6)."""
    days = (last - first).days
    weeks, rest = divmod(max(0, days - 1), WEEK)
    odd = sum((first.weekday() + n) % WEEK in closed for n in range(1, rest + 1))
    return days - weeks * len(closed) - odd


def open_days_later(first: date, days: int, closed: Collection[int]) -> date:
    """The last day that is at most so many open days (1 or more) after `first`.

    Some weekday must be open.
    """
    weeks = (days - 1) // (WEEK - len(closed))
    last = first + weeks * WEEK * DAY
    while open_days_between(first, last + DAY, closed) <= days:
        last += DAY
    return last


def anniversary(year: int, month: int, day: int) -> date:
    """The date in that year; 29 February is the 28th in ordinary years."""
    is_missing = (month, day) == (2, 29) and not isleap(year)
    return date(year, 2, 28) if is_missing else date(year, month, day)
