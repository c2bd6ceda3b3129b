"""What the review of the log rests on, and what it finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from loyalty.base.opening_hours import Hours
from loyalty.base.states import FindingKind


@dataclass(frozen=True, slots=True)
class ReviewLimits:
    """From where on something is remarkable; ordinary days and rushes are not.

    `often` collects of one person in one program by one staff member; `burst` collects before a
    bonus of the same card is given; more than `volume` codes of one staff member; scans so long
    before opening or after closing are still inside the hours. A look reads the last `overlap` of
    the one before.
    """

    often: int = 6
    often_within: timedelta = timedelta(hours=24)
    burst: int = 3
    burst_within: timedelta = timedelta(minutes=10)
    volume: int = 120
    volume_within: timedelta = timedelta(minutes=60)
    leeway: timedelta = timedelta(minutes=15)
    overlap: timedelta = timedelta(minutes=2)


GENEROUS = ReviewLimits()


@dataclass(frozen=True, slots=True)
class CollectRecord:
    """A collect that still counts, made by a staff member; `person` has one mailbox."""

    session_id: int
    at: datetime
    card_id: int
    person: int
    staff_id: int
    location_id: int
    program_id: int


@dataclass(frozen=True, slots=True)
class MintRecord:
    """A code that a staff member made."""

    session_id: int
    at: datetime
    staff_id: int


@dataclass(frozen=True, slots=True)
class ConfirmationRecord:
    """A bonus that was given."""

    redemption_id: int
    at: datetime
    card_id: int
    staff_id: int | None
    location_id: int | None


@dataclass(frozen=True, slots=True)
class PinClosureRecord:
    """PIN entry was closed after wrong PINs: for a person, a device, or a whole program.

    `device_id` is where the last of them was typed, if it was a device.
    """

    event_id: int
    at: datetime
    staff_id: int | None
    program_id: int | None
    wrong: int
    location_id: int | None = None
    is_of_program: bool = False
    is_of_device: bool = False
    device_id: int | None = None


@dataclass(frozen=True, slots=True)
class HeldRiseRecord:
    """A rise to a level that waits for review."""

    session_id: int
    at: datetime
    customer_id: int
    card_id: int | None


@dataclass(frozen=True, slots=True)
class LocationHours:
    """A location's hours and time zone."""

    zone: str
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class ReviewLog:
    """What the log says: `collected` and `minted` reach back as far as the rules look.

    `fresh` are the sessions collected since the last look.
    """

    collected: Sequence[CollectRecord] = ()
    minted: Sequence[MintRecord] = ()
    confirmed: Sequence[ConfirmationRecord] = ()
    closures: Sequence[PinClosureRecord] = ()
    held: Sequence[HeldRiseRecord] = ()
    places: Mapping[int, LocationHours] = field(default_factory=dict)
    fresh: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at, with its evidence; `at` is its latest moment."""

    kind: FindingKind
    subject: str
    at: datetime
    sessions: tuple[int, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)
    location_id: int | None = None
    staff_id: int | None = None
    card_id: int | None = None
    program_id: int | None = None
    customer_id: int | None = None
    device_id: int | None = None
