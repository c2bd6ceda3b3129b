"""A device gets another name."""

from django.db import transaction

from loyalty.base.values import StaffActor
from loyalty.devices.change_device import device_in_use
from loyalty.devices.device_name import cleaned
from loyalty.models import Device


def rename_device(device_id: int, name: str, *, actor: StaffActor) -> Device:
    """The device with this name.

    Raises InvalidInput, or NotFound (for anybody who may not, and once it was taken out of use).
    """
    called = cleaned(name)
    with transaction.atomic():
        device = device_in_use(device_id, actor=actor)
        device.name = called
        device.save(update_fields=["name"])
    return device
