"""Consecutive qualifying visits (SPEC section 5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from loyalty.calendar import DAY, day_of, open_days_between, start_of
from loyalty.switches import StreakRule

# Nobody's streak outlives a month of closed days in a row.
_LONGEST_GAP = 400


@dataclass(frozen=True, slots=True)
class Streak:
    """So many days in a row; `last_at` is the last visit, `used` freezes were needed.

    A visit at or after `ends_at` (UTC) begins anew.
    """

    days: int = 0
    last_at: datetime | None = None
    used: int = 0
    ends_at: datetime | None = None

    def shown(self, now: datetime) -> int:
        """The days that count now: 0 when the streak is over."""
        return self.days if self.ends_at and now < self.ends_at else 0


NO_STREAK = Streak()


def visit(
    before: Streak, rule: StreakRule, *, at: datetime, zone: str, closed: Collection[int] = ()
) -> tuple[Streak, bool]:
    """The streak after a visit, and whether it reached a multiple of the threshold.

    Both days are counted in the zone of this visit's location, so that a change of zone never
    makes two days of one; at most +1 for each of them.
    """
    skipped = closed if rule.skips_closed_days else ()
    today = day_of(at, zone)
    days, used, is_next = 1, 0, True
    if before.last_at is not None and before.days:
        last = day_of(before.last_at, zone)
        if today <= last:
            days, used, is_next = before.days, before.used, False
        else:
            missed = _missed(open_days_between(last, today, skipped), rule)
            if before.used + missed <= rule.freezes:
                days, used = before.days + 1, before.used + missed
    latest = max(at, before.last_at) if before.last_at else at
    ends_at = _end(latest, rule, zone=zone, left=rule.freezes - used, skipped=skipped)
    after = Streak(days=days, last_at=latest, used=used, ends_at=ends_at)
    return after, is_next and days % rule.threshold == 0


def _missed(gap: int, rule: StreakRule) -> int:
    # Whole windows that went by without a visit.
    return (gap - 1) // rule.window


def _end(
    at: datetime, rule: StreakRule, *, zone: str, left: int, skipped: Collection[int]
) -> datetime:
    first = last = day_of(at, zone)
    while (
        _missed(open_days_between(first, last + DAY, skipped), rule) <= left
        and (last - first).days < _LONGEST_GAP
    ):
        last += DAY
    return start_of(last + DAY, zone)
