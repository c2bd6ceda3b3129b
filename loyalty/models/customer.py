"""A person with cards at the business."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Customer(models.Model):
    """Known by e-mail alone (in lower case); the random id is all that the ledger ever holds."""

    id = models.BigIntegerField(primary_key=True)
    email = models.CharField(max_length=254, unique=True)
    language = models.CharField(max_length=10, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="customer_email_lower", condition=Q(email=Lower("email")))
        ]
