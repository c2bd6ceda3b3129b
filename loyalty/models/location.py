"""One place of the business."""

from django.db import models


class Location(models.Model):
    """A place with its own time zone."""

    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60)
    # {"0": [["08:00", "18:00"], …], …} from Monday on; null: not known, so never closed.
    opening_hours = models.JSONField(null=True)
    is_archived = models.BooleanField(default=False)
