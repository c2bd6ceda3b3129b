"""What ends by itself: units, bonuses, absences, and what has served its time."""

from loyalty.expiry.absences import absences
from loyalty.expiry.note_absence import note_absence

__all__ = [
    "absences",
    "note_absence",
]
