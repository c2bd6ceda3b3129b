"""Pictures of products, re-encoded; in the database for the reasons of decision 12."""

import uuid

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual


class ProductPhoto(models.Model):
    """Never changed after it was written, so that its address may be cached for good."""

    # 122 random bits: anybody who was not shown the address cannot guess it.
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # SHA-256 of `large`: the same picture, sent again or for another product, is the same row.
    digest = models.BinaryField(max_length=32, unique=True)
    # WebP, made by loyalty/photos/.
    large = models.BinaryField()
    small = models.BinaryField()

    class Meta:
        constraints = [
            # Far above what re-encoding makes: a file that skipped it is not kept.
            models.CheckConstraint(
                name="product_photo_large_is_small",
                condition=LessThanOrEqual(Length("large"), 262_144),
            ),
            models.CheckConstraint(
                name="product_photo_small_is_small",
                condition=LessThanOrEqual(Length("small"), 65_536),
            ),
        ]
