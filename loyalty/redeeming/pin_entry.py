"""When wrong PINs close PIN entry (docs/rules.md#redeeming).

A program's day is a day in UTC: it may run in several time zones, and the budget is a brake, not a
promise to anybody. Whom midnight does not suit, a manager opens it again at any time.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from loyalty.base.errors import PinLocked

WRONG_AT_MOST = 5
WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)


def check_person(wrong: Sequence[datetime], *, now: datetime) -> None:
    """Raise PinLocked while PIN entry is closed for a person or device with these wrong PINs."""
    until = person_closed_until(wrong, now=now)
    if until is not None:
        raise PinLocked(retry_at=until)


def person_closed_until(wrong: Sequence[datetime], *, now: datetime) -> datetime | None:
    """For 15 minutes after the fifth wrong PIN within 15 minutes; None while it is open."""
    latest = sorted(wrong)[-WRONG_AT_MOST:]
    if len(latest) < WRONG_AT_MOST or latest[-1] - latest[0] >= WINDOW:
        return None
    until = latest[-1] + WINDOW
    return until if now < until else None


def budget(*, locations: int, yesterday: int) -> int:
    """A program's wrong PINs for a day: ten a location, or 5 % of yesterday's redemptions."""
    return max(10 * locations, yesterday * 5 // 100)


def check_program(count: int, *, day: date | None, allowed: int, now: datetime) -> None:
    """Raise PinLocked when today's budget of the program is used up."""
    until = program_closed_until(count, day=day, allowed=allowed, now=now)
    if until is not None:
        raise PinLocked(retry_at=until, details={"what": "program"})


def program_closed_until(
    count: int, *, day: date | None, allowed: int, now: datetime
) -> datetime | None:
    """Until midnight once `count` wrong PINs of this day used up what is allowed; None if open."""
    if day != now.date() or count < allowed:
        return None
    return datetime.combine(now.date(), time(), tzinfo=now.tzinfo) + DAY
