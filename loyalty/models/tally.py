"""Counted attempts."""

from django.db import models


class Tally(models.Model):
    """How often something happened in one window of time, counted in the database."""

    what = models.CharField(max_length=200)
    window = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="tally_window", fields=["what", "window"])]
