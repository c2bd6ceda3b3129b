"""A device takes passcodes again after five wrong ones."""

from django.db import transaction

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import StaffActor
from loyalty.db.roundtrip import database_now
from loyalty.devices.change_device import device_in_use, tell
from loyalty.devices.passcode_tries import forget_tries_at
from loyalty.events.devices import DeviceUnlockedDetails
from loyalty.models import Device


def unlock_device(device_id: int, *, actor: StaffActor) -> Device:
    """The device with all of its tries; one that had them is as it was.

    People whose passcode the actor may set get back what they were counted for there today.

    Raises NotFound (also once it was taken out of use).
    """
    access.require(actor, Permission.MANAGE_DEVICES)
    with transaction.atomic():
        device = device_in_use(device_id)
        if device.tries:
            now = database_now()
            wrong, device.tries, device.locked_at = device.tries, 0, None
            device.save(update_fields=["tries", "locked_at"])
            forget_tries_at(device.pk, actor=actor)
            tell(DeviceUnlockedDetails(wrong), device, actor=actor, now=now)
    return device
