"""An undo whose bonus had been given already is put on the review list at once."""

from django.db.models import F

from loyalty.base import exempt
from loyalty.base.states import FindingKind, FindingStatus
from loyalty.models import Anomaly, Event

# One finding names so many undos of a card at most; the next ones are a finding of their own.
_MOST_SESSIONS = 50


@exempt.asked_already("part of an undo")
def find_owed(undo: Event, *, program_id: int) -> None:
    """One finding for each card until somebody decides; for the undo's transaction and locks.

    One that a manager is deciding about at this moment is left to that decision: then this undo is
    a finding of its own, and neither waits for the other.
    """
    subject = f"owed:{undo.card_id}"
    named = Anomaly.objects.filter(subject=subject, status=FindingStatus.OPEN).order_by("-id")
    row = named.select_for_update(skip_locked=True).first()
    sessions = [*(row.evidence["sessions"] if row else ()), undo.session_id]
    if row is not None and len(sessions) <= _MOST_SESSIONS:
        Anomaly.objects.filter(pk=row.pk).update(
            evidence={"count": len(sessions), "sessions": sessions},
            at=undo.at,
            staff_id=undo.staff_id,
            location_id=undo.location_id,
            device_id=undo.device_id,
            version=F("version") + 1,
        )
        return
    Anomaly.objects.create(
        kind=FindingKind.OWED,
        subject=subject,
        fingerprint=f"{subject}:{undo.session_id}",
        at=undo.at,
        location_id=undo.location_id,
        # Who took it back, which may be somebody else than who made the code or gave the bonus.
        staff_id=undo.staff_id,
        device_id=undo.device_id,
        card_id=undo.card_id,
        program_id=program_id,
        evidence={"count": 1, "sessions": [undo.session_id]},
    )
