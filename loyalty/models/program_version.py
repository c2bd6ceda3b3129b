"""The frozen rules of a program at a moment."""

from django.db import models
from django.db.models import Q, Value

from loyalty.base.values import BonusModel, Mode, OverCap, StampMode, Surplus
from loyalty.models.product import Product
from loyalty.models.program import Program


class ProgramVersion(models.Model):
    """Never changed after it was written: sessions, entries and cards point at it."""

    append_only = True

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    bonus_model = models.CharField(max_length=20)
    mode = models.CharField(max_length=10)
    stamp_mode = models.CharField(max_length=20)
    threshold = models.BigIntegerField()
    step = models.BigIntegerField(null=True)
    minimum = models.BigIntegerField(null=True)
    max_units_per_scan = models.BigIntegerField(null=True)
    over_cap = models.CharField(max_length=10, default=OverCap.TRIM.value)
    surplus = models.CharField(max_length=10, default=Surplus.CARRY.value)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    # What the owner switched on (loyalty/switches/); empty when nothing.
    switches = models.JSONField(db_default=Value({}, models.JSONField()))
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="version_number", fields=["program", "number"]),
            models.CheckConstraint(
                name="version_words",
                condition=Q(
                    bonus_model__in=[each.value for each in BonusModel],
                    mode__in=[each.value for each in Mode],
                    stamp_mode__in=[each.value for each in StampMode],
                    over_cap__in=[each.value for each in OverCap],
                    surplus__in=[each.value for each in Surplus],
                ),
            ),
            models.CheckConstraint(
                name="version_numbers_positive",
                condition=Q(threshold__gt=0)
                & (Q(step__isnull=True) | Q(step__gt=0))
                & (Q(minimum__isnull=True) | Q(minimum__gt=0))
                & (Q(max_units_per_scan__isnull=True) | Q(max_units_per_scan__gt=0)),
            ),
        ]
