"""What the lines of redeeming say: asked for, given or not, put back, and wrong PINs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self, TypedDict

from loyalty.base.events import EventKind
from loyalty.events.debts import DebtLift, OwedFigures
from loyalty.events.details import EventDetails
from loyalty.events.undone import UndoResult


class NamedRedemption(TypedDict):
    """A redemption, its bonus, and the product that was chosen, by their ids."""

    redemption: int
    bonus: int
    product: int | None


@dataclass(frozen=True, slots=True)
class _RedemptionDetails(EventDetails):
    """A redemption, its bonus, and the product that was chosen, if one was."""

    redemption: int = 0
    bonus: int = 0
    product: int | None = None

    @property
    def gift_ids(self) -> tuple[int, ...]:
        """The bonus."""
        return (self.bonus,) if self.bonus else ()

    @property
    def product_id(self) -> int | None:
        """The product that was chosen."""
        return self.product

    def stored(self) -> dict[str, Any]:
        """The three of them."""
        return {"redemption": self.redemption, "bonus": self.bonus, "product": self.product}


@dataclass(frozen=True, slots=True)
class RequestedDetails(_RedemptionDetails):
    """The customer asked for a bonus."""

    event_kind: ClassVar[EventKind] = EventKind.REQUESTED


@dataclass(frozen=True, slots=True)
class ConfirmedDetails(_RedemptionDetails):
    """Staff gave the bonus."""

    event_kind: ClassVar[EventKind] = EventKind.CONFIRMED


@dataclass(frozen=True, slots=True)
class CancelledDetails(_RedemptionDetails):
    """Staff did not give it, or the customer took it back."""

    event_kind: ClassVar[EventKind] = EventKind.CANCELLED


@dataclass(frozen=True, slots=True)
class RefundedDetails(_RedemptionDetails):
    """A manager put back what had been given.

    `lifted` are debts that an undo had left for it, `owed` and `undone` what the refund in turn
    left and did; None where no undo had to do with it. `gone` is the bonus itself where no sale
    raises it any more.
    """

    event_kind: ClassVar[EventKind] = EventKind.REFUNDED
    reason: str = ""
    lifted: tuple[DebtLift, ...] | None = None
    owed: OwedFigures | None = None
    undone: UndoResult | None = None
    gone: int | None = None

    @property
    def is_debt_lifted(self) -> bool:
        """True where the card owed units or streaks for it, and does not any more."""
        return any(each.units or each.streaks for each in self.lifted or ())

    def stored(self) -> dict[str, Any]:
        """What did not happen is left out."""
        found: dict[str, Any] = {**_RedemptionDetails.stored(self), "reason": self.reason}
        if self.lifted is not None:
            found["lifted"] = [each.stored() for each in self.lifted]
        if self.owed is not None:
            found["owed"] = self.owed.stored()
        if self.undone is not None:
            found["undone"] = self.undone.stored()
        if self.gone is not None:
            found["gone"] = self.gone
        return found

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says."""
        known = kept or {}
        lifted = known.get("lifted")
        return cls(
            redemption=known.get("redemption", 0),
            bonus=known.get("bonus", 0),
            product=known.get("product"),
            reason=known.get("reason", ""),
            lifted=None if lifted is None else tuple(map(DebtLift.from_stored, lifted)),
            owed=OwedFigures.from_stored(known["owed"] or {}) if "owed" in known else None,
            undone=UndoResult.from_stored(known["undone"] or {}) if "undone" in known else None,
            gone=known.get("gone"),
        )


@dataclass(frozen=True, slots=True)
class PinReopenedDetails(EventDetails):
    """A manager opened the PIN entry of a program, closed `until` then by so many wrong PINs."""

    event_kind: ClassVar[EventKind] = EventKind.PIN_REOPENED
    program: int | None = None
    wrong: int = 0
    until: datetime | None = None

    def stored(self) -> dict[str, Any]:
        """The moment is kept as text."""
        until = self.until.isoformat() if self.until else None
        return {"program": self.program, "wrong": self.wrong, "until": until}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says."""
        known = kept or {}
        return cls(known.get("program"), known.get("wrong", 0), _moment(known.get("until")))


@dataclass(frozen=True, slots=True)
class PinClosedDetails(EventDetails):
    """PIN entry was closed: for `what`, a person, a device, or a whole program."""

    event_kind: ClassVar[EventKind] = EventKind.PIN_CLOSED
    what: str = ""
    program: int | None = None
    wrong: int = 0
    until: datetime | None = None

    def stored(self) -> dict[str, Any]:
        """The moment is kept as text."""
        until = self.until.isoformat() if self.until else None
        return {"what": self.what, "program": self.program, "wrong": self.wrong, "until": until}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says."""
        known = kept or {}
        return cls(
            known.get("what", ""),
            known.get("program"),
            known.get("wrong", 0),
            _moment(known.get("until")),
        )


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
