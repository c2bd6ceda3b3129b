"""Findings that nothing is left of close by themselves: nobody is asked about the past."""

from collections.abc import Iterable
from datetime import datetime

from loyalty.base import exempt
from loyalty.base.states import FindingKind, FindingStatus, SessionStatus
from loyalty.models import Anomaly, Customer, EarnSession


@exempt.asked_already("part of an undo")
def lapse_findings(session_id: int, *, now: datetime) -> None:
    """Those that name this session and rest on nothing any more; for an undo's transaction.

    One that a manager is deciding about at this moment is left to that decision, which waits for
    the customer and then sees the undo: neither waits for the other in a circle.
    """
    named = Anomaly.objects.filter(
        status=FindingStatus.OPEN, evidence__sessions__contains=[session_id]
    )
    _close([row for row in named.select_for_update(skip_locked=True) if _is_void(row)], now=now)


def lapse_unheld(*, now: datetime) -> None:
    """Held levels that are held no longer, whatever the reason; for the caller's transaction."""
    rows = Anomaly.objects.filter(status=FindingStatus.OPEN, kind=FindingKind.LEVEL_HELD)
    free = rows.select_for_update(skip_locked=True)
    _close([row for row in free if not is_on_hold(row.customer_id)], now=now)


def is_on_hold(customer_id: int | None) -> bool:
    """True while the customer's rise waits for somebody to look at it."""
    return Customer.objects.filter(pk=customer_id or 0, level_held_at__isnull=False).exists()


def close(row: Anomaly, *, now: datetime) -> None:
    """Nothing was decided: there was nothing to decide about."""
    row.status, row.decided_at = FindingStatus.LAPSED.value, now
    row.save(update_fields=["status", "decided_at"])


def _is_void(row: Anomaly) -> bool:
    if row.kind == FindingKind.OWED:
        # It is about the undos themselves, and what was given stays given.
        return False
    if row.kind == FindingKind.LEVEL_HELD:
        return not is_on_hold(row.customer_id)
    sessions = row.evidence["sessions"]
    # Of unusual volume only a part is named.
    is_whole = row.evidence["count"] == len(sessions)
    counts = EarnSession.objects.filter(pk__in=sessions).exclude(status=SessionStatus.VOIDED)
    return is_whole and not counts.exists()


def _close(rows: Iterable[Anomaly], *, now: datetime) -> None:
    for row in rows:
        close(row, now=now)
