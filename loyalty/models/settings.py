"""What the business decided for itself, and its plan's limits: one row."""

from django.db import models
from django.db.models import Q


class Settings(models.Model):
    """The only row of its table; creations of locations and programs lock it (SPEC section 7)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    business_name = models.CharField(max_length=120)
    site_url = models.CharField(max_length=300, help_text="Where links in mails and codes lead")
    language = models.CharField(max_length=10, default="en")
    session_seconds = models.PositiveSmallIntegerField(default=90)
    queue_limit = models.PositiveSmallIntegerField(default=5)
    queue_days = models.PositiveSmallIntegerField(default=7)
    max_locations = models.PositiveIntegerField(null=True)
    max_running_programs = models.PositiveIntegerField(null=True)
    has_tiered_mode = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="settings_one_row", condition=Q(id=1)),
            models.CheckConstraint(
                name="settings_session_seconds", condition=Q(session_seconds__range=(30, 90))
            ),
        ]
