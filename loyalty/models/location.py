"""One place of the business."""

from django.db import models


class Location(models.Model):
    """A place with its own time zone."""

    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60)
    is_archived = models.BooleanField(default=False)
