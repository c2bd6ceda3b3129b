"""One campaign."""

from django.db import models
from django.db.models import Q


class Program(models.Model):
    """A campaign's name and state; its rules are frozen in its versions."""

    name = models.CharField(max_length=120)
    description = models.TextField(default="", max_length=2_000)
    status = models.CharField(max_length=10, default="running")
    currency = models.CharField(max_length=3)
    current = models.OneToOneField(
        "loyalty.ProgramVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="program_status",
                condition=Q(status__in=["draft", "running", "paused", "archived"]),
            )
        ]
