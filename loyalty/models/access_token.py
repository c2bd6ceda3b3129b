"""Bearer tokens, hashed at rest."""

from django.db import models
from django.db.models import Q

from loyalty.models.customer import Customer
from loyalty.models.device import Device
from loyalty.models.staff_member import StaffMember


class AccessToken(models.Model):
    """A signed-in session of one customer or one staff member, in one client.

    `device`: a staff member switched on this paired device; the token ends with it.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)
    staff = models.ForeignKey(StaffMember, null=True, on_delete=models.CASCADE)
    device = models.ForeignKey(Device, null=True, on_delete=models.CASCADE, db_index=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_token_of_one_person",
                condition=Q(customer__isnull=True, staff__isnull=False)
                | Q(customer__isnull=False, staff__isnull=True),
            ),
            models.CheckConstraint(
                name="access_token_device_of_staff",
                condition=Q(device__isnull=True) | Q(staff__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="access_token_by_device",
                fields=["device"],
                condition=Q(device__isnull=False),
            )
        ]
