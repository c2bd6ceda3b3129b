"""What the page that follows a collect says was added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from loyalty.models import LedgerEntry
from loyalty.trip import clock, trip

# Afterwards the address of that page, kept or shared, is the card's plain one.
NEWS_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class JustAdded:
    """Units and filled cards of some sessions; nothing (False) when none is new."""

    units: int = 0
    completed: int = 0

    def __bool__(self) -> bool:
        return self.units > 0


def just_added(session_ids: Iterable[int], *, card_id: int, threshold: int) -> JustAdded:
    """What these sessions brought to the card in the last minutes; others count nothing."""
    now = clock()
    trip(now)
    entries = LedgerEntry.objects.filter(
        card_id=card_id, session_id__in=list(session_ids), recorded_at__gt=now.only - NEWS_LASTS
    ).values_list("kind", "units")
    units = sum(units for kind, units in entries if kind == "earn")
    filled = -sum(units for kind, units in entries if kind == "complete")
    return JustAdded(units, filled // threshold)
