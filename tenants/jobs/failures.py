"""Jobs that failed lately, for operators."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone
from django_q.models import Failure

LATELY = timedelta(days=1)


def failed_lately() -> dict[str, int]:
    """How many jobs of each function failed within a day and were not done since; in `public`.

    A job is one, however often it was tried.
    """
    recent = Failure.objects.filter(stopped__gt=timezone.now() - LATELY).order_by("func")
    return dict(recent.values("func").annotate(jobs=Count("id")).values_list("func", "jobs"))
