"""Counter devices, as managers and as they themselves see them."""

from datetime import datetime

import strawberry

from graphql_api.ids import global_id
from graphql_api.types.node import Node
from graphql_api.types.people import StaffMember, staff_member
from graphql_api.types.place import Location, location
from loyalty import models
from loyalty.base.values import Role
from loyalty.devices import LivePairing, who_switches_on
from loyalty.models.device import MOST_TRIES
from loyalty.sessions import qr_svg


@strawberry.type(description="A client at the counter that staff switch on by passcode.")
class Device(Node):
    """A device, for managers."""

    name: str = strawberry.field(description="The name that managers know it by.")
    location: Location = strawberry.field(description="Where it belongs; it works nowhere else.")
    paired_by: StaffMember = strawberry.field(description="Whose code paired it.")
    paired_at: datetime = strawberry.field(description="When it was paired, in UTC.")
    last_seen_at: datetime = strawberry.field(
        description="When somebody last tried a passcode on it, or it was paired, in UTC."
    )
    is_locked: bool = strawberry.field(
        description="True after five wrong passcodes, until a manager unlocks it."
    )
    revoked_at: datetime | None = strawberry.field(
        description="When it was taken out of use, in UTC; null while it is good."
    )


@strawberry.type(description="The device that asks, and who may switch it on.")
class PairedDevice:
    """A device, for itself."""

    id: strawberry.ID = strawberry.field(description="The device that asks.")
    name: str = strawberry.field(description="The name that managers know it by.")
    location: Location = strawberry.field(description="Where it belongs; it works nowhere else.")
    is_locked: bool = strawberry.field(
        description="True after five wrong passcodes, until a manager unlocks it."
    )
    tries_left: int = strawberry.field(
        description="How many more wrong passcodes lock it; 0 while it is locked. A right one gives"
        " back what was tried there for the same person."
    )
    staff: list[StaffMember] = strawberry.field(
        description="Everybody who works here, by name, at most 100."
    )


@strawberry.type(description="A code that turns one client into a device, for ten minutes.")
class PairingCode:
    """A pairing code, for its maker."""

    pairing_code: str = strawberry.field(
        description="What is typed; case, blanks and dashes do not matter."
    )
    url: str = strawberry.field(description="Where the code's QR leads a browser.")
    location: Location = strawberry.field(description="Where the device will belong.")
    expires_at: datetime = strawberry.field(description="When it is over, in UTC.")
    seconds_left: int = strawberry.field(description="Whole seconds until then.")

    @strawberry.field(description="The QR code of `url` as an SVG document.")
    def qr_svg(self) -> str:
        """Drawn when asked for."""
        return qr_svg(self.url)


@strawberry.type(description="This client is a counter device now.")
class DevicePaired:
    """The device's token, shown once."""

    device_id: strawberry.ID = strawberry.field(description="The device that this client is now.")
    device_token: str = strawberry.field(
        description="Send it as `Authorization: Bearer …` to `device` and `signInOnDevice`; it is"
        " good for nothing else, until it is revoked."
    )
    location: Location = strawberry.field(description="Where it belongs; it works nowhere else.")
    staff: list[StaffMember] = strawberry.field(
        description="Everybody who works here, by name, at most 100."
    )


def device(row: models.Device) -> Device:
    """A device, for managers."""
    by = row.paired_by
    return Device(
        id=_id(row),
        name=row.name,
        location=location(row.location),
        paired_by=staff_member(by.pk, name=by.name, role=Role(by.role)),
        paired_at=row.paired_at,
        last_seen_at=row.last_seen_at,
        is_locked=row.is_locked,
        revoked_at=row.revoked_at,
    )


def devices(rows: list[models.Device]) -> list[Device]:
    """Devices, for managers."""
    return [device(row) for row in rows]


def paired_device(row: models.Device) -> PairedDevice:
    """A device, for itself."""
    return PairedDevice(
        id=_id(row),
        name=row.name,
        location=location(row.location),
        is_locked=row.is_locked,
        tries_left=MOST_TRIES - row.tries,
        staff=_staff(),
    )


def device_paired(row: models.Device, token: str) -> DevicePaired:
    """The answer to pairing."""
    return DevicePaired(
        device_id=_id(row), device_token=token, location=location(row.location), staff=_staff()
    )


def pairing_code(live: LivePairing) -> PairingCode:
    """A pairing code, for its maker."""
    return PairingCode(
        pairing_code=live.code,
        url=live.url,
        location=location(live.location),
        expires_at=live.expires_at,
        seconds_left=live.seconds_left,
    )


def _staff() -> list[StaffMember]:
    return [
        staff_member(each.pk, name=each.name, role=Role(each.role)) for each in who_switches_on()
    ]


def _id(row: models.Device) -> strawberry.ID:
    return strawberry.ID(global_id("Device", row.pk))
