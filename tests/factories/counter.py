"""A paired device at the counter of the active business, and people who switch it on."""

from dataclasses import dataclass
from functools import cache

import pytest
from django.conf import settings

from loyalty.base.errors import DeviceLocked, SignInFailed
from loyalty.base.values import Role, StaffActor
from loyalty.devices.create_pairing_code import create_pairing_code
from loyalty.devices.pair_device import pair_device
from loyalty.devices.passcode_hash import passcode_hash
from loyalty.devices.sign_in_on_device import sign_in_on_device
from loyalty.models import (
    AccessToken,
    Allowance,
    Device,
    Event,
    Location,
    PairingCode,
    StaffMember,
    Tally,
)
from loyalty.people.viewer import viewer
from tests.factories.people import as_staff, place

IP = "192.0.2.1"
# One for each role, so that nobody's opens another's.
PASSCODES = {Role.OWNER: "4071", Role.MANAGER: "58203", Role.STAFF: "926174"}
WRONG = "0713"


@dataclass(frozen=True)
class Till:
    """A paired device and its token."""

    id: int
    token: str

    @property
    def row(self) -> Device:
        """Its row as it is now."""
        return Device.objects.get(pk=self.id)

    def on(self, role: Role = Role.STAFF, passcode: str | None = None) -> str:
        """The token of the person who switched it on with this passcode; theirs, unless said."""
        digits = PASSCODES[role] if passcode is None else passcode
        key = settings.TOKEN_KEY
        found = sign_in_on_device(as_staff(role).id, digits, device_id=self.id, token_key=key)
        return found.access.token

    def actor(self, role: Role = Role.STAFF) -> StaffActor:
        """The same as actions know them."""
        found = viewer(self.on(role))
        assert isinstance(found, StaffActor)
        return found


def code(role: Role = Role.MANAGER, location_id: int | None = None) -> str:
    """A fresh pairing code, in two halves."""
    where = location_id or place().location_id
    made = create_pairing_code(where, actor=as_staff(role), token_key=settings.TOKEN_KEY)
    return made.code


def till(name: str = "Till", location_id: int | None = None) -> Till:
    """A newly paired device; everybody has a passcode."""
    for role, digits in PASSCODES.items():
        stored = _hashed(digits, as_staff(role).id, settings.TOKEN_KEY)
        StaffMember.objects.filter(pk=as_staff(role).id, passcode=None).update(passcode=stored)
    found = pair_device(code(location_id=location_id), name, ip=IP, token_key=settings.TOKEN_KEY)
    return Till(found.device.pk, found.token)


@cache
def _hashed(digits: str, staff_id: int, token_key: str) -> str:
    # Slow by design: once for all tests of a process.
    return passcode_hash(digits, staff_id=staff_id, token_key=token_key)


def guess(at: Till, typed: str = WRONG, *, staff_id: int | None = None) -> None:
    """A try that is judged, and wrong."""
    who = as_staff().id if staff_id is None else staff_id
    with pytest.raises(SignInFailed):
        sign_in_on_device(who, typed, device_id=at.id, token_key=settings.TOKEN_KEY)


def locked(at: Till, role: Role = Role.STAFF) -> bool:
    try:
        at.on(role)
    except DeviceLocked:
        return True
    return False


def elsewhere() -> int:
    """A second location of the business."""
    return Location.objects.get_or_create(name="Second", time_zone="UTC")[0].pk


def everything() -> list[object]:
    """All that devices and passcodes are made of."""
    models = (Device, PairingCode, StaffMember, AccessToken, Event, Tally, Allowance)
    return [list(model.objects.order_by("pk").values()) for model in models]
