"""When wrong PINs close PIN entry (SPEC section 4.4)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from loyalty.errors import PinLocked

WRONG_AT_MOST = 5
WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)


def check_person(wrong: Sequence[datetime], *, now: datetime) -> None:
    """Raise PinLocked for 15 minutes after the fifth wrong PIN within 15 minutes."""
    latest = sorted(wrong)[-WRONG_AT_MOST:]
    if len(latest) < WRONG_AT_MOST or latest[-1] - latest[0] >= WINDOW:
        return
    if now < latest[-1] + WINDOW:
        raise PinLocked(retry_at=latest[-1] + WINDOW)


def budget(*, locations: int, yesterday: int) -> int:
    """A program's wrong PINs for a day: ten a location, or 5 % of yesterday's redemptions."""
    return max(10 * locations, yesterday * 5 // 100)


def check_program(count: int, *, day: date | None, allowed: int, now: datetime) -> None:
    """Raise PinLocked when today's budget of the program is used up."""
    if day == now.date() and count >= allowed:
        midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo) + DAY
        raise PinLocked(retry_at=midnight, details={"what": "program"})
