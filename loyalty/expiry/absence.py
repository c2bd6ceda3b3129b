"""When a customer has stayed away too long (docs/rules.md#what-is-watched)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WHOLE = 100
# Two visits make one interval, which may be chance; three make a habit.
MIN_DAYS = 3


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """So many days without a visit, or so many per cent of the customer's own interval."""

    after_days: int | None = None
    after_percent: int | None = None

    @property
    def is_on(self) -> bool:
        """True when either was chosen."""
        return self.after_days is not None or self.after_percent is not None


@dataclass(frozen=True, slots=True)
class VisitRhythm:
    """The first and the last visit, and on how many different days the customer came."""

    days: int
    first_at: datetime
    last_at: datetime

    @property
    def interval(self) -> timedelta | None:
        """The mean time between visits on different days; None with fewer than three of them."""
        if self.days < MIN_DAYS:
            return None
        return (self.last_at - self.first_at) / (self.days - 1)


@dataclass(frozen=True, slots=True)
class Absence:
    """Absent from `since` on, by this rule: `days` or `interval`."""

    since: datetime
    rule: str


def absence(rhythm: VisitRhythm, rule: AbsenceRule, *, now: datetime) -> Absence | None:
    """The absence that began by now, under the rule that was reached first; None: none did."""
    away = now - rhythm.last_at
    found = []
    if rule.after_days is not None and away.days >= rule.after_days:
        found.append(Absence(rhythm.last_at + timedelta(days=rule.after_days), "days"))
    longest = _stretched(rhythm.interval, rule.after_percent)
    if longest is not None and away >= longest:
        found.append(Absence(rhythm.last_at + longest, "interval"))
    return min(found, key=lambda each: each.since, default=None)


def _stretched(interval: timedelta | None, percent: int | None) -> timedelta | None:
    if interval is None or percent is None:
        return None
    try:
        return interval * percent / WHOLE
    except OverflowError:
        # Longer than any calendar: nobody stays away that long.
        return None
