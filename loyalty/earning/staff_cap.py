"""So many sessions of a staff member in a window of time (docs/rules.md#what-is-watched)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from loyalty.base.errors import StaffCap


@dataclass(frozen=True, slots=True)
class SessionCap:
    """At most `limit` sessions in `minutes` minutes."""

    limit: int
    minutes: int

    def since(self, now: datetime) -> datetime:
        """The start of the window, which is not part of it."""
        return now - timedelta(minutes=self.minutes)


def check_staff_cap(cap: SessionCap | None, *, nth_newest: datetime | None, now: datetime) -> None:
    """Raise StaffCap, with the moment at which a place gets free.

    `nth_newest` is when the staff member made the session that is `cap.limit` back from now.
    """
    if cap and nth_newest and nth_newest > cap.since(now):
        retry_at = nth_newest + timedelta(minutes=cap.minutes)
        raise StaffCap(retry_at=retry_at, details={"limit": cap.limit, "minutes": cap.minutes})
