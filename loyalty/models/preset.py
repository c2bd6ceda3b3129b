"""A one-tap button of the panel."""

from django.db import models

from loyalty.models.location import Location
from loyalty.models.product import Product
from loyalty.models.program import Program


class Preset(models.Model):
    """Fixes program, product, quantity or amount, and points; without location it is everywhere."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="presets")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    points = models.PositiveIntegerField(default=0)
    # The same customer may collect it once in so many minutes.
    cooldown_minutes = models.PositiveIntegerField(null=True)
    position = models.PositiveIntegerField(default=0)
    is_archived = models.BooleanField(default=False)
