"""Bearer tokens, hashed at rest."""

from django.db import models
from django.db.models import Q

from loyalty.models.customer import Customer
from loyalty.models.staff_member import StaffMember


class AccessToken(models.Model):
    """A signed-in session of one customer or one staff member, on one device."""

    digest = models.BinaryField(max_length=32, unique=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)
    staff = models.ForeignKey(StaffMember, null=True, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_token_of_one_person",
                condition=Q(customer__isnull=True, staff__isnull=False)
                | Q(customer__isnull=False, staff__isnull=True),
            )
        ]
