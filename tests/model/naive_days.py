"""Days as the naive model counts them: by looking at a calendar, day after day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ONE = timedelta(days=1)


def local(at: datetime, zone: str) -> date:
    """The date on the wall of the location."""
    return at.astimezone(ZoneInfo(zone)).date()


def begins(day: date, zone: str) -> datetime:
    """Midnight at the location."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days_after(at: datetime, days: int, zone: str) -> datetime:
    """The end of the day so many days later."""
    day = local(at, zone)
    for _ in range(days):
        day += ONE
    return begins(day + ONE, zone)


def months_after(at: datetime, months: int, zone: str) -> datetime:
    """The end of the same day so many months later, or of that month when it is shorter."""
    day = local(at, zone)
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    wanted = day.day
    while not _exists(year, month, wanted):
        wanted -= 1
    return begins(date(year, month, wanted) + ONE, zone)


def feast(year: int, month: int, day: int) -> date:
    """The birthday in that year; 29 February is kept on the 28th when there is none."""
    return date(year, month, day) if _exists(year, month, day) else date(year, month, day - 1)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def on_the_wall(at: datetime, zone: str) -> tuple[int, str]:
    """The weekday (0 is Monday) and what the clock shows at this moment, such as 09:05."""
    there = at.astimezone(ZoneInfo(zone))
    return there.weekday(), f"{there:%H:%M}"
