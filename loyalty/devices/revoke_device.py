"""A device is taken out of use, at once."""

from django.db import transaction

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import StaffActor
from loyalty.db.roundtrip import database_now
from loyalty.devices.change_device import locked_device, tell
from loyalty.events.devices import DeviceRevokedDetails
from loyalty.models import Device


def revoke_device(device_id: int, *, actor: StaffActor) -> Device:
    """The device, revoked: neither its token nor anybody's on it is good any more.

    Revoking again changes nothing. Raises NotFound.
    """
    access.require(actor, Permission.MANAGE_DEVICES)
    with transaction.atomic():
        device = locked_device(device_id)
        if device.revoked_at is None:
            now = database_now()
            device.revoked_at = now
            device.save(update_fields=["revoked_at"])
            tell(DeviceRevokedDetails(), device, actor=actor, now=now)
    return device
