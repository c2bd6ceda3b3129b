"""What the changes of a device share: its locked row, and a line in the log."""

from datetime import datetime

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import StaffActor
from loyalty.events.details import EventDetails
from loyalty.log.lines import write_line
from loyalty.models import Device


def locked_device(device_id: int, *, actor: StaffActor) -> Device:
    """The device, for the caller's transaction; raises NotFound, also where the actor may not.

    Its row serialises what managers do with it, and the person who switches on there meanwhile.
    """
    rows = Device.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("location", "paired_by").filter(pk=device_id).first()
    if found is None or not access.may(actor, Permission.MANAGE_DEVICES):
        raise NotFound
    return found


def device_in_use(device_id: int, *, actor: StaffActor) -> Device:
    """The same, where a device that was taken out of use is NotFound too, and said to be so."""
    found = locked_device(device_id, actor=actor)
    if found.revoked_at is not None:
        raise NotFound(details={"what": "revoked"})
    return found


def tell(details: EventDetails, device: Device, *, actor: StaffActor, now: datetime) -> None:
    """Who did it, to which device."""
    write_line(
        details,
        at=now,
        location_id=device.location_id,
        staff_id=actor.id,
        device_id=device.pk,
    )
