"""The installation's repeated jobs."""

from django.conf import settings
from django.db import transaction
from django_q.models import Schedule

from tenants import context


def keep_schedules() -> None:
    """Make the schedules of `settings.JOB_SCHEDULES`, and no others; for the owner.

    When each runs next is kept, also over an update.
    """
    with context.public(), transaction.atomic():
        kept = [_keep(name) for name in settings.JOB_SCHEDULES]
        Schedule.objects.exclude(pk__in=kept).delete()


def are_kept() -> bool:
    """True when the schedules are those of this release."""
    with context.public():
        rows = Schedule.objects.values_list("name", "func", "schedule_type", "minutes")
        found = {name: (function, kind, minutes) for name, function, kind, minutes in rows}
    return found == settings.JOB_SCHEDULES


def _keep(name: str) -> int:
    function, kind, minutes = settings.JOB_SCHEDULES[name]
    row = Schedule.objects.filter(name=name).order_by("id").first() or Schedule(name=name)
    row.func, row.schedule_type, row.minutes = function, kind, minutes
    # Whatever else a row may say was written by nobody of ours.
    row.hook = row.args = row.kwargs = row.cron = row.cluster = row.intended_date_kwarg = None
    row.repeats = -1
    row.save()
    return int(row.pk)
