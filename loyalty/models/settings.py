"""What the business decided for itself, and its plan's limits: one row."""

from django.db import models
from django.db.models import Q


class Settings(models.Model):
    """The only row of its table; creations of locations and programs lock it.

    Rules: docs/rules.md#plans.
    """

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
    # Sessions of one staff member within so many minutes (null: no end).
    staff_cap = models.PositiveIntegerField(null=True)
    staff_cap_minutes = models.PositiveIntegerField(db_default=60)
    # How points count towards levels (loyalty/counting/levels.py).
    level_period_days = models.PositiveIntegerField(db_default=365)
    level_grace_days = models.PositiveIntegerField(db_default=30)
    level_most_rises = models.PositiveIntegerField(null=True)
    level_rises_within_days = models.PositiveIntegerField(db_default=30)
    has_leaderboard = models.BooleanField(db_default=False)
    # A customer is absent after so many days, or so many per cent of their own interval.
    absent_after_days = models.PositiveIntegerField(null=True)
    absent_after_percent = models.PositiveIntegerField(null=True)
    # Customers hear of what will expire so many days before.
    warn_days = models.PositiveIntegerField(db_default=14)

    class Meta:
        constraints = [
            models.CheckConstraint(name="settings_one_row", condition=Q(id=1)),
            models.CheckConstraint(
                name="settings_staff_cap",
                condition=(Q(staff_cap=None) | Q(staff_cap__gte=1)) & Q(staff_cap_minutes__gte=1),
            ),
            models.CheckConstraint(
                name="settings_session_seconds", condition=Q(session_seconds__range=(30, 90))
            ),
        ]
