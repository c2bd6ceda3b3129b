"""So many visits of a customer on one day of the location.

Rules: docs/rules.md#a-collect-step-by-step.
"""

from collections.abc import Iterable
from datetime import datetime

from loyalty.base.calendar import DAY, day_of, start_of
from loyalty.base.errors import DailyCap


def check_daily_cap(
    visits: Iterable[datetime], *, limit: int | None, at: datetime, zone: str
) -> None:
    """Raise DailyCap when the day's visits are used up."""
    if limit is None:
        return
    today = day_of(at, zone)
    if sum(day_of(visit, zone) == today for visit in visits) >= limit:
        raise DailyCap(retry_at=start_of(today + DAY, zone), details={"limit": limit})
