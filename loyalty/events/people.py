"""What the lines say of customers and their levels: stayed away, levels set, findings decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from loyalty.base.events import EventKind
from loyalty.events.details import EventDetails


@dataclass(frozen=True, slots=True)
class AbsentDetails(EventDetails):
    """A customer has stayed away since `last_visit`, too long by this `rule` from `since` on.

    Until then the customer had come on so many different days (`visits`).
    """

    event_kind: ClassVar[EventKind] = EventKind.ABSENT
    last_visit: datetime | None = None
    since: datetime | None = None
    rule: str = ""
    visits: int = 0
    interval_days: float | None = None

    def stored(self) -> dict[str, Any]:
        """Moments are kept as text."""
        return {
            "last_visit": self.last_visit.isoformat() if self.last_visit else None,
            "since": self.since.isoformat() if self.since else None,
            "rule": self.rule,
            "visits": self.visits,
            "interval_days": self.interval_days,
        }

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says."""
        known = kept or {}
        last_visit, since = known.get("last_visit"), known.get("since")
        return cls(
            last_visit=datetime.fromisoformat(last_visit) if last_visit else None,
            since=datetime.fromisoformat(since) if since else None,
            rule=known.get("rule", ""),
            visits=known.get("visits", 0),
            interval_days=known.get("interval_days"),
        )


@dataclass(frozen=True, slots=True)
class LevelsSetDetails(EventDetails):
    """An owner changed the levels: who held level `n` holds `moved[n]` now."""

    event_kind: ClassVar[EventKind] = EventKind.LEVELS_SET
    moved: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewedDetails(EventDetails):
    """A manager decided about a finding; of an approved level `level`, and its `bonuses`."""

    event_kind: ClassVar[EventKind] = EventKind.REVIEWED
    anomaly: int = 0
    finding_kind: str = ""
    verdict: str = ""
    reason: str = ""
    level: int | None = None
    bonuses: tuple[int, ...] = ()

    @property
    def gift_ids(self) -> tuple[int, ...]:
        """The bonuses of the level that was approved."""
        return self.bonuses

    @property
    def level_id(self) -> int | None:
        """The level that was approved."""
        return self.level

    def stored(self) -> dict[str, Any]:
        """The finding's kind is kept as `kind`."""
        return {
            "anomaly": self.anomaly,
            "kind": self.finding_kind,
            "verdict": self.verdict,
            "reason": self.reason,
            "level": self.level,
            "bonuses": list(self.bonuses),
        }

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says."""
        known = kept or {}
        return cls(
            anomaly=known.get("anomaly", 0),
            finding_kind=known.get("kind", ""),
            verdict=known.get("verdict", ""),
            reason=known.get("reason", ""),
            level=known.get("level"),
            bonuses=tuple(known.get("bonuses", ())),
        )
