"""What the changes of a device share: its locked row, and a line in the log."""

from datetime import datetime

from loyalty.base import exempt
from loyalty.base.errors import NotFound
from loyalty.base.values import StaffActor
from loyalty.events.details import EventDetails
from loyalty.log.lines import write_line
from loyalty.models import Device


@exempt.asked_already("part of renaming, unlocking and revoking")
def locked_device(device_id: int) -> Device:
    """The device, for the caller's transaction; raises NotFound.

    Its row serialises what managers do with it, and the person who switches on there meanwhile.
    """
    rows = Device.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("location", "paired_by").filter(pk=device_id).first()
    if found is None:
        raise NotFound
    return found


@exempt.asked_already("the same")
def device_in_use(device_id: int) -> Device:
    """The same, where a device that was taken out of use is NotFound too, and said to be so."""
    found = locked_device(device_id)
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
