"""A device gets another name."""

from django.db import transaction

from loyalty.actions.change_device import locked_device
from loyalty.models import Device
from loyalty.rules.device_name import cleaned
from loyalty.values import StaffActor


def rename_device(device_id: int, name: str, *, actor: StaffActor) -> Device:
    """The device with this name; raises InvalidInput, or NotFound (also for whoever may not)."""
    called = cleaned(name)
    with transaction.atomic():
        device = locked_device(device_id, actor=actor)
        device.name = called
        device.save(update_fields=["name"])
    return device
