"""The installation's repeated jobs."""

from django.conf import settings
from django_q.models import Schedule

from tenants import context


def keep_schedules() -> None:
    """Make the schedules of `settings.JOB_SCHEDULES` (name: function, type, minutes)."""
    with context.public():
        for name, (function, kind, minutes) in settings.JOB_SCHEDULES.items():
            Schedule.objects.update_or_create(
                name=name,
                defaults={"func": function, "schedule_type": kind, "minutes": minutes},
            )
