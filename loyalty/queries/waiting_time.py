"""How long something takes, by the clock that decides it."""

from datetime import datetime

from loyalty.trip import clock, trip

_MINUTE = 60


def minutes_until(moment: datetime) -> int:
    """Whole minutes, rounded up; at least 1, so that nobody is told to try again now in vain."""
    now = clock()
    trip(now)
    return max(1, -int((now.only - moment).total_seconds() // _MINUTE))
