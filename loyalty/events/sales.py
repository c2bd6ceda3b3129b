"""What the lines of a sale say: made, waiting, collected, taken back, over."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from loyalty.base.events import EventKind
from loyalty.base.values import SaleLine
from loyalty.events.debts import OwedFigures
from loyalty.events.details import NOT_SAID, EventDetails, NotSaid
from loyalty.events.undone import UndoResult

_HELD = "held"


@dataclass(frozen=True, slots=True)
class MintedDetails(EventDetails):
    """Staff made a code; `lines` are those of the receipt, where there were any."""

    event_kind: ClassVar[EventKind] = EventKind.MINTED
    lines: tuple[SaleLine, ...] = ()

    def stored(self) -> dict[str, Any] | None:
        """The lines; nothing where there were none."""
        return {"lines": [asdict(line) for line in self.lines]} if self.lines else None

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """The lines, as far as they were kept."""
        lines = (kept or {}).get("lines") or ()
        return cls(tuple(SaleLine(each["product_id"], each.get("quantity", 1)) for each in lines))


@dataclass(frozen=True, slots=True)
class QueuedDetails(EventDetails):
    """A code waits for an e-mail address; whose it is, the log does not say."""

    event_kind: ClassVar[EventKind] = EventKind.QUEUED

    def stored(self) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class CollectedDetails(EventDetails):
    """A sale was credited.

    `bonuses` it raised. `levels_set_by` is the event that set the levels which it was counted by:
    owners may set them at this very moment, and which ones it were, no time can tell; None before
    the first one. `birthday` is the year of the birthday that it was near enough to, None for
    none: the date itself is no business of the log. `is_known`: another address of the person had
    come before; None where nobody asked. `is_limited`: the limit on rises held for it, and counted
    `rises_elsewhere` at other addresses. Each unit counted so many `times`. The level reached is
    `level`, or its rise `is_level_held` until somebody has looked at it, which an earlier visit
    `had_told`.
    """

    event_kind: ClassVar[EventKind] = EventKind.COLLECTED
    bonuses: tuple[int, ...] = ()
    levels_set_by: int | NotSaid | None = NOT_SAID
    birthday: int | NotSaid | None = NOT_SAID
    is_known: bool | None = None
    origin: str = ""
    is_limited: bool = True
    rises_elsewhere: int = 0
    times: int = 1
    level: int | None = None
    is_level_held: bool = False
    had_told: bool = False

    @property
    def gift_ids(self) -> tuple[int, ...]:
        """The bonuses that it raised."""
        return self.bonuses

    @property
    def level_id(self) -> int | None:
        """The level that was reached."""
        return self.level

    @property
    def is_new_hold(self) -> bool:
        """True for the visit whose rise was held; later ones find it held already."""
        return self.is_level_held and not self.had_told

    def stored(self) -> dict[str, Any]:
        """`level` is an id, or the word for a rise that is held; what holds for all is left out."""
        reached = NOT_SAID if self.level is None else self.level
        said: dict[str, Any] = {
            "bonuses": list(self.bonuses),
            "ladder": self.levels_set_by,
            "birthday": self.birthday,
            "known": NOT_SAID if self.is_known is None else self.is_known,
            "origin": self.origin or NOT_SAID,
            "limited": NOT_SAID if self.is_limited else False,
            "rises_elsewhere": self.rises_elsewhere or NOT_SAID,
            "times": self.times if self.times > 1 else NOT_SAID,
            "level": _HELD if self.is_level_held else reached,
            "again": self.had_told or NOT_SAID,
        }
        return {name: value for name, value in said.items() if value is not NOT_SAID}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says, and what older ones mean that do not say it."""
        known = kept or {}
        level = known.get("level")
        return cls(
            bonuses=tuple(known.get("bonuses", ())),
            levels_set_by=known.get("ladder", NOT_SAID),
            birthday=known.get("birthday", NOT_SAID),
            is_known=known.get("known"),
            origin=known.get("origin", ""),
            is_limited=known.get("limited", True),
            rises_elsewhere=known.get("rises_elsewhere", 0),
            times=known.get("times", 1),
            level=level if isinstance(level, int) else None,
            is_level_held=level == _HELD,
            had_told=bool(known.get("again")),
        )


@dataclass(frozen=True, slots=True)
class VoidedDetails(EventDetails):
    """A sale was taken back; `was` is the session's status before.

    `owed` and `undone` are None where it had not counted, and in lines from before the log kept
    them.
    """

    event_kind: ClassVar[EventKind] = EventKind.VOIDED
    reason: str = ""
    was: str = ""
    owed: OwedFigures | None = None
    undone: UndoResult | None = None

    def stored(self) -> dict[str, Any]:
        """What did not count leaves nothing owed and undone."""
        found: dict[str, Any] = {"reason": self.reason, "was": self.was}
        if self.owed is not None:
            found["owed"] = self.owed.stored()
        if self.undone is not None:
            found["undone"] = self.undone.stored()
        return found

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says."""
        known = kept or {}
        return cls(
            reason=known.get("reason", ""),
            was=known.get("was", ""),
            owed=OwedFigures.from_stored(known["owed"] or {}) if "owed" in known else None,
            undone=UndoResult.from_stored(known["undone"] or {}) if "undone" in known else None,
        )


@dataclass(frozen=True, slots=True)
class RecountedDetails(EventDetails):
    """The line `because` took something back on another card, which changed this one."""

    event_kind: ClassVar[EventKind] = EventKind.RECOUNTED
    because: int = 0
    undone: UndoResult | None = None

    def stored(self) -> dict[str, Any]:
        """Both."""
        undone = {} if self.undone is None else {"undone": self.undone.stored()}
        return {"because": self.because, **undone}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says."""
        known = kept or {}
        undone = UndoResult.from_stored(known["undone"] or {}) if "undone" in known else None
        return cls(known.get("because", 0), undone)


@dataclass(frozen=True, slots=True)
class ExpiredDetails(EventDetails):
    """What nobody used in time is over: units, as the line's column says, and these bonuses."""

    event_kind: ClassVar[EventKind] = EventKind.EXPIRED
    bonuses: tuple[int, ...] = ()

    @property
    def gift_ids(self) -> tuple[int, ...]:
        """The bonuses that are over."""
        return self.bonuses
