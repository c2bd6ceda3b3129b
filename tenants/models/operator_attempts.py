"""Counts tries at operators' passwords."""

from django.db import models


class OperatorAttempts(models.Model):
    """The tries of one account, known browser or address (tenants/operators/attempts.py)."""

    key = models.CharField(max_length=40, primary_key=True)
    tries = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
