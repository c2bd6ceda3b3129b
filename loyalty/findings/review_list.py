"""What managers should look at."""

from django.db.models import QuerySet

from loyalty.models import Anomaly


def review_list(status: str | None = None) -> QuerySet[Anomaly]:
    """All findings, or those that are `open`, `approved`, `voided` or `lapsed`."""
    every = Anomaly.objects.all()
    return every if status is None else every.filter(status=status)
