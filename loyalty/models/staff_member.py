"""A person who works for the business."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from loyalty.base.values import Role


class StaffMember(models.Model):
    """Owner, manager or staff; `user` holds the password of those who sign in with one."""

    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    # A slow hash of a keyed one (devices/passcode_hash.py); null: cannot switch on a device.
    passcode = models.CharField(max_length=160, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_member_role", condition=Q(role__in=[each.value for each in Role])
            )
        ]
