"""Wrong PINs, counted."""

from django.db import models


class PinGuard(models.Model):
    """The last wrong PINs of one staff member or one device, or a program's wrong PINs of one day.

    Locked while a PIN is tried, so that a hundred tries at once are judged one by one.
    """

    what = models.CharField(max_length=60, unique=True)
    wrong = models.JSONField(default=dict)
    day = models.DateField(null=True)
    count = models.PositiveIntegerField(default=0)
