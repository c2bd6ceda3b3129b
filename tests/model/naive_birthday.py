"""Birthdays as the naive model keeps them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.model import naive_days

Day = tuple[int, int]
WAITS = timedelta(days=30)


@dataclass(frozen=True)
class Birthday:
    """The day on file, whether there ever was one, and when it was changed for another."""

    day: Day | None = None
    was_set: bool = False
    changed_at: datetime | None = None
    counts_from: datetime | None = None

    def may_become(self, day: Day | None, at: datetime) -> bool:
        """Another day may be set once a year; none, the same or the first one at any time."""
        if day is None or day == self.day or not self.was_set or self.changed_at is None:
            return True
        changed = self.changed_at
        again = naive_days.feast(changed.year + 1, changed.month, changed.day)
        return at >= datetime.combine(again, changed.timetz())

    def becomes(self, day: Day | None, at: datetime) -> "Birthday":
        """The first day counts at once, another one 30 days later."""
        if day == self.day:
            return self
        if day is None or not self.was_set:
            return Birthday(day, self.was_set or day is not None, self.changed_at)
        return Birthday(day, was_set=True, changed_at=at, counts_from=at + WAITS)

    def near(self, today: date, *, before: int, after: int) -> int | None:
        """The year of the feast that is so near."""
        if self.day is None:
            return None
        for year in range(today.year - 1, today.year + 2):
            feast = naive_days.feast(year, *self.day)
            if feast - timedelta(days=before) <= today <= feast + timedelta(days=after):
                return year
        return None
