"""Browsers in which somebody has signed in before."""

from django.db import models
from django.db.models import Q

from loyalty.models.customer import Customer
from loyalty.models.staff_member import StaffMember


class KnownBrowser(models.Model):
    """One person's browser or client; its token signs nobody in.

    Tries from there are counted apart, so that strangers' tries close nothing for it.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)
    staff = models.ForeignKey(StaffMember, null=True, on_delete=models.CASCADE)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="known_browser_of_one_person",
                condition=Q(customer__isnull=True, staff__isnull=False)
                | Q(customer__isnull=False, staff__isnull=True),
            ),
        ]
