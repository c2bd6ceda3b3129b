"""When a birthday counts (docs/rules.md#a-collect-step-by-step)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loyalty.base.calendar import DAY, anniversary, day_of
from loyalty.base.errors import InvalidInput, RateLimited
from loyalty.switches import BirthdayRule

COUNTS_AFTER = timedelta(days=30)
_LEAP_YEAR = 2024
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Birthday:
    """Month and day; a changed one counts from a moment on."""

    month: int
    day: int
    counts_from: datetime | None = None


def near_year(
    birthday: Birthday | None, rule: BirthdayRule, *, at: datetime, zone: str
) -> int | None:
    """The year of the birthday that a visit at this moment is near enough to; None without one."""
    if birthday is None:
        return None
    if birthday.counts_from is not None and at < birthday.counts_from:
        return None
    today = day_of(at, zone)
    for year in (today.year - 1, today.year, today.year + 1):
        that = anniversary(year, birthday.month, birthday.day)
        if that - rule.days_before * DAY <= today <= that + rule.days_after * DAY:
            return year
    return None


def checked(month: int, day: int) -> None:
    """Raise InvalidInput for a date that no year has."""
    if not 1 <= month <= _MONTHS:
        raise InvalidInput(details={"field": "month", "reason": "no_such_month"})
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        raise InvalidInput(details={"field": "day", "reason": "no_such_day"}) from None


def check_change(changed_at: datetime | None, *, now: datetime) -> None:
    """Raise RateLimited until a year after the last change."""
    if changed_at is None:
        return
    next_year = anniversary(changed_at.year + 1, changed_at.month, changed_at.day)
    again = changed_at.replace(year=next_year.year, month=next_year.month, day=next_year.day)
    if now < again:
        raise RateLimited(retry_at=again, details={"what": "birthday"})
