"""A status of the business."""

from django.db import models
from django.db.models import Q


class Level(models.Model):
    """Reached with so many points in the rolling period; a higher threshold is a higher level."""

    name = models.CharField(max_length=60)
    threshold = models.BigIntegerField(unique=True)
    # Points count so many per cent while the level is held.
    percent = models.PositiveIntegerField(default=100)
    benefit = models.CharField(max_length=300, default="")
    # What anybody who reaches it gets (loyalty/switches/reward.py); null: nothing.
    gift = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="level_numbers", condition=Q(threshold__gt=0, percent__range=(1, 1000))
            )
        ]
