"""How much somebody may send: so much at once, and so much a second for ever."""

from collections.abc import Hashable
from dataclasses import dataclass

_MOST_KNOWN = 10_000


@dataclass
class Allowance:
    """Fills up with time, and is used up by what comes."""

    at_once: float
    a_second: float
    left: float
    counted_at: float

    def take(self, *, now: float) -> bool:
        """True when one more is within it."""
        refilled = self.left + (now - self.counted_at) * self.a_second
        self.left, self.counted_at = min(self.at_once, refilled) - 1, now
        if self.left >= 0:
            return True
        # Anybody who goes on is not punished for longer than it takes to fill up again.
        self.left = max(self.left, -1.0)
        return False

    def is_full(self, *, now: float) -> bool:
        """True when nothing of it is used up."""
        return self.left + (now - self.counted_at) * self.a_second >= self.at_once


class Allowances:
    """One allowance for each person, whatever they come by."""

    def __init__(self, *, at_once: float, a_second: float) -> None:
        self._at_once, self._a_second = at_once, a_second
        self._known: dict[Hashable, Allowance] = {}

    def take(self, person: Hashable, *, now: float) -> bool:
        """True when one more of this person is within theirs."""
        if len(self._known) > _MOST_KNOWN:
            self._known = {k: v for k, v in self._known.items() if not v.is_full(now=now)}
        found = self._known.setdefault(
            person, Allowance(self._at_once, self._a_second, self._at_once, now)
        )
        return found.take(now=now)
