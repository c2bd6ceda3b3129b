"""Frozen values that rules, policies and actions pass around."""

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Sale:
    """What staff entered: a count, an amount in minor units, or neither (one visit)."""

    quantity: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class StaffActor:
    """A signed-in staff member."""

    id: int
    role: Role
    name: str

    @property
    def key(self) -> str:
        """Scopes idempotency keys."""
        return f"staff:{self.id}"


@dataclass(frozen=True, slots=True)
class CustomerActor:
    """A signed-in customer."""

    id: int

    @property
    def key(self) -> str:
        """Scopes idempotency keys."""
        return f"customer:{self.id}"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody is signed in; `address` is the caller's IP address, for limits on guessing only."""

    address: str = ""


Actor = StaffActor | CustomerActor | Anonymous
