"""A paired device works at its own location (docs/rules.md#devices)."""

from loyalty.base.errors import NotAtThisLocation
from loyalty.base.values import AtDevice


def check_place(device: AtDevice | None, *, location_id: int) -> None:
    """Raise NotAtThisLocation for another location than the device's; None is no device."""
    if device is not None and device.location_id != location_id:
        raise NotAtThisLocation(details={"what": "device"})
