"""One campaign."""

from django.db import models
from django.db.models import F, Q

from loyalty.base.states import RunStatus
from loyalty.models.location import Location


class Program(models.Model):
    """A campaign's name and state; its rules are frozen in its versions."""

    name = models.CharField(max_length=120)
    description = models.TextField(default="", max_length=2_000)
    status = models.CharField(max_length=10, default=RunStatus.RUNNING.value)
    currency = models.CharField(max_length=3)
    # Without locations it runs everywhere; dates are UTC, the end is not part of it.
    locations = models.ManyToManyField(Location, related_name="programs")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    current = models.OneToOneField(
        "loyalty.ProgramVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="program_status",
                condition=Q(status__in=[each.value for each in RunStatus]),
            ),
            models.CheckConstraint(
                name="program_ends_after_it_starts",
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(starts_at__lt=F("ends_at")),
            ),
        ]
