"""What turns a client into a device, once."""

from django.db import models

from loyalty.models.device import Device
from loyalty.models.location import Location
from loyalty.models.staff_member import StaffMember


class PairingCode(models.Model):
    """A short code for one location, derived from `salt`, never stored; good for one device.

    It is short enough to be typed, so what it is looked up by is keyed too: a bare hash of it
    could be undone by anybody who reads the database.
    """

    id = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=16)
    code_digest = models.BinaryField(max_length=32, unique=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    device = models.OneToOneField(Device, null=True, on_delete=models.PROTECT)
