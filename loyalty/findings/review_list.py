"""What managers should look at."""

from django.db.models import QuerySet

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Actor
from loyalty.models import Anomaly


def review_list(status: str | None = None, *, actor: Actor) -> QuerySet[Anomaly]:
    """All findings, or those that are `open`, `approved`, `voided` or `lapsed`."""
    access.require(actor, Permission.REVIEW)
    every = Anomaly.objects.all()
    return every if status is None else every.filter(status=status)
