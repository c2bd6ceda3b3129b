"""What can be given."""

from django.db import models

from loyalty.models.product_photo import ProductPhoto
from loyalty.models.program import Program
from loyalty.models.tier import Tier


class Product(models.Model):
    """A product of one program."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="products")
    tier = models.ForeignKey(Tier, null=True, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=120)
    # Minor units of the program's currency; tells the cheapest one and what a bonus costs.
    price = models.BigIntegerField(null=True)
    # Its key alone makes the photo's address: lists need no join.
    photo = models.ForeignKey(
        ProductPhoto, null=True, on_delete=models.PROTECT, related_name="products"
    )
    is_archived = models.BooleanField(default=False)
