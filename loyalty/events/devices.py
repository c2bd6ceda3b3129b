"""What the lines say of devices at the counter, and of passcodes there."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.base.events import EventKind
from loyalty.events.details import EventDetails


@dataclass(frozen=True, slots=True)
class DevicePairedDetails(EventDetails):
    """A client became a device: the line's columns say all of it."""

    event_kind: ClassVar[EventKind] = EventKind.DEVICE_PAIRED

    def stored(self) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class DeviceLockedDetails(EventDetails):
    """So many wrong passcodes locked a device."""

    event_kind: ClassVar[EventKind] = EventKind.DEVICE_LOCKED
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class DeviceUnlockedDetails(EventDetails):
    """A manager unlocked it: so many wrong passcodes had been counted."""

    event_kind: ClassVar[EventKind] = EventKind.DEVICE_UNLOCKED
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class DeviceRevokedDetails(EventDetails):
    """A device was taken out of use: the line's columns say all of it."""

    event_kind: ClassVar[EventKind] = EventKind.DEVICE_REVOKED


@dataclass(frozen=True, slots=True)
class PasscodeSetDetails(EventDetails):
    """The passcode of this staff member was set."""

    event_kind: ClassVar[EventKind] = EventKind.PASSCODE_SET
    staff: int = 0


@dataclass(frozen=True, slots=True)
class PasscodeWrongDetails(EventDetails):
    """So many wrong passcodes of this staff member were counted in a day."""

    event_kind: ClassVar[EventKind] = EventKind.PASSCODE_WRONG
    staff: int = 0
    wrong: int = 0
