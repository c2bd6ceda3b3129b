"""Shows that the job worker lives."""

from django.db import models


class JobPulse(models.Model):
    """The last sign of life of a job worker, written every few seconds."""

    worker = models.CharField(max_length=120, primary_key=True)
    seen_at = models.DateTimeField()
