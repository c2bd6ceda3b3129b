"""What can be given."""

from django.db import models

from loyalty.models.program import Program
from loyalty.models.tier import Tier


class Product(models.Model):
    """A product of one program."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="products")
    tier = models.ForeignKey(Tier, null=True, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=120)
    is_archived = models.BooleanField(default=False)
