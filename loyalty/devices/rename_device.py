"""A device gets another name."""

from django.db import transaction

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import StaffActor
from loyalty.devices.change_device import device_in_use
from loyalty.devices.device_name import cleaned
from loyalty.models import Device


def rename_device(device_id: int, name: str, *, actor: StaffActor) -> Device:
    """The device with this name.

    Raises InvalidInput, or NotFound (also once it was taken out of use).
    """
    access.require(actor, Permission.MANAGE_DEVICES)
    called = cleaned(name)
    with transaction.atomic():
        device = device_in_use(device_id)
        device.name = called
        device.save(update_fields=["name"])
    return device
