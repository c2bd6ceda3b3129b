"""Consecutive qualifying visits (docs/rules.md#a-collect-step-by-step)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from loyalty.base.calendar import DAY, WEEK, day_of, open_days_between, open_days_later, start_of
from loyalty.switches import StreakRule


@dataclass(frozen=True, slots=True)
class Streak:
    """So many days in a row; `last_at` is the last visit, `used` freezes were needed.

    A visit at or after `ends_at` (UTC) starts again.
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
    makes two days of one; at most +1 for each of them. A visit that comes to light after a later
    one changes nothing.
    """
    if before.days and before.last_at and at <= before.last_at:
        return before, False
    # Where no day is open, there is none to skip.
    skipped = closed if rule.skips_closed_days and len(closed) < WEEK else ()
    today = day_of(at, zone)
    days, used, is_next = 1, 0, True
    if before.last_at is not None and before.days:
        last = day_of(before.last_at, zone)
        if today <= last:
            days, used, is_next = before.days, before.used, False
        else:
            missed = _missed(open_days_between(last, today, skipped), rule)
            # An owner may have taken freezes away that this streak has used already.
            if missed <= max(0, rule.freezes - before.used):
                days, used = before.days + 1, before.used + missed
    # As many open days as `_missed` forgives.
    most = rule.window * (max(0, rule.freezes - used) + 1)
    ends_at = start_of(open_days_later(today, most, skipped) + DAY, zone)
    after = Streak(days=days, last_at=at, used=used, ends_at=ends_at)
    return after, is_next and days % rule.threshold == 0


def _missed(gap: int, rule: StreakRule) -> int:
    # Whole windows that went by without a visit.
    return (gap - 1) // rule.window
