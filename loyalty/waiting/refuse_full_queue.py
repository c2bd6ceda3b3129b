"""A person has room for so many sessions that wait for their addresses."""

from datetime import datetime

from loyalty.base import exempt
from loyalty.base.email_address import mailbox
from loyalty.base.errors import QueueFull
from loyalty.models import QueuedSession, Settings


@exempt.asked_already("part of queueing a session")
def refuse_full_queue(email: str, *, now: datetime) -> None:
    """Raise QueueFull, with the moment from which there is room again by itself.

    Behind the mailbox's lock: two sessions at once cannot both have the last place.
    """
    limit = Settings.objects.get().queue_limit
    waiting = QueuedSession.objects.filter(mailbox=mailbox(email), expires_at__gt=now)
    ends = list(waiting.order_by("expires_at").values_list("expires_at", flat=True))
    if len(ends) >= limit:
        # More than the oldest have to go where the limit was lowered; with 0 none fits.
        raise QueueFull(retry_at=ends[-limit] if limit else None, details={"limit": limit})
