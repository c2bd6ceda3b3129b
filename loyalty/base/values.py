"""Frozen values that rules, policies and actions pass around."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class BonusModel(StrEnum):
    """What a program counts."""

    STAMP_COUNT = "STAMP_COUNT"
    AMOUNT_STEP = "AMOUNT_STEP"
    CUMULATIVE_SPEND = "CUMULATIVE_SPEND"
    QUALIFIED_VISIT = "QUALIFIED_VISIT"


class Mode(StrEnum):
    """One fixed bonus, or a menu."""

    SIMPLE = "SIMPLE"
    TIERED = "TIERED"


class StampMode(StrEnum):
    """What one unit stands for."""

    PER_VISIT = "PER_VISIT"
    PER_CART_QTY = "PER_CART_QTY"
    PER_LINE_ITEM = "PER_LINE_ITEM"
    PER_AMOUNT = "PER_AMOUNT"


class OverCap(StrEnum):
    """What happens to units above the scan's ceiling."""

    TRIM = "TRIM"
    REFUSE = "REFUSE"


class Surplus(StrEnum):
    """What happens to units beyond a completed card."""

    CARRY = "CARRY"
    FORFEIT = "FORFEIT"


class Role(StrEnum):
    """What a staff member may do."""

    OWNER = "owner"
    MANAGER = "manager"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Mechanic:
    """The numbers of one program version; money in minor units."""

    bonus_model: BonusModel
    mode: Mode
    stamp_mode: StampMode
    threshold: int
    step: int | None = None
    minimum: int | None = None
    max_units_per_scan: int | None = None
    over_cap: OverCap = OverCap.TRIM
    surplus: Surplus = Surplus.CARRY

    @property
    def is_matched(self) -> bool:
        """True where each tier has a counter of its own.

        Rules: docs/rules.md#configurations.
        """
        return self.bonus_model is BonusModel.STAMP_COUNT and self.mode is Mode.TIERED

    @property
    def numbers(self) -> dict[str, Any]:
        """Its numbers by name, as a version's row and the snapshot of a sale keep them."""
        # Not asdict(): it copies each value, which a tap would wait for.
        return {name: getattr(self, name) for name in Mechanic.__slots__}

    @property
    def counts_money(self) -> bool:
        """True where the units are minor units of the program's currency."""
        return self.bonus_model is BonusModel.CUMULATIVE_SPEND


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of a receipt."""

    product_id: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Sale:
    """What staff entered: a count, an amount in minor units, lines, or nothing (one visit)."""

    quantity: int | None = None
    amount: int | None = None
    product_id: int | None = None
    lines: tuple[SaleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A product of a program and the tier it sits in; a higher rank is worth more."""

    product_id: int
    tier_id: int | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Units:
    """What a sale earns; `tier_id` None is the only counter of a program that is not matched."""

    tier_id: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sale earns by itself; `missing` minor units until the visit qualifies.

    `counted` are its units before the scan's ceiling, which is the `limit` where it trimmed them.
    `currency` is the program's.
    """

    units: tuple[Units, ...]
    missing: int
    completes_cards: int
    counted: int
    limit: int | None
    currency: str
    counts_money: bool


@dataclass(frozen=True, slots=True)
class AtDevice:
    """A paired device, and the location that it belongs to."""

    id: int
    location_id: int


@dataclass(frozen=True, slots=True)
class StaffActor:
    """A signed-in staff member; `device` when a passcode switched them on there.

    `browser_id` is the paired device that the browser is, however they signed in: it is noted, and
    neither takes rights nor binds to a place.
    """

    id: int
    role: Role
    name: str
    device: AtDevice | None = None
    browser_id: int | None = field(default=None, compare=False)

    @property
    def device_id(self) -> int | None:
        """The device that they sit at, for the books."""
        return self.device.id if self.device else self.browser_id

    @property
    def key(self) -> str:
        """Scopes idempotency keys."""
        return f"staff:{self.id}"


@dataclass(frozen=True, slots=True)
class CustomerActor:
    """A signed-in customer; `device_id` when the browser is a paired device."""

    id: int
    device_id: int | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """Scopes idempotency keys."""
        return f"customer:{self.id}"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody is signed in; `address` is the caller's IP address, for limits on guessing only."""

    address: str = ""


@dataclass(frozen=True, slots=True)
class SystemActor:
    """Our own commands and jobs, which may do everything; `why` says which of them asks.

    No request is ever answered as this one: transports know callers by their tokens.
    """

    why: str

    @property
    def id(self) -> None:
        """Nobody of the business, for the books."""
        return


Actor = StaffActor | CustomerActor | Anonymous
