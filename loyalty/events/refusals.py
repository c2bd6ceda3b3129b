"""What the line of a refusal says: all that a sentence about it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self

from loyalty.base.errors import Refused
from loyalty.base.events import EventKind
from loyalty.events.details import EventDetails

_RETRY_AT = "retry_at"


@dataclass(frozen=True, slots=True)
class RefusedDetails(EventDetails):
    """A sale or a credit was refused: the refusal's own `figures`, and when it may be tried again.

    Why it was is in the line's column `code`.
    """

    event_kind: ClassVar[EventKind] = EventKind.REFUSED
    figures: Mapping[str, Any] = field(default_factory=dict)
    retry_at: datetime | None = None

    @classmethod
    def of(cls, refused: Refused) -> Self:
        """What is kept of this one."""
        return cls(dict(refused.details), refused.retry_at)

    def stored(self) -> dict[str, Any]:
        """The figures, and the moment as text."""
        retry = {_RETRY_AT: self.retry_at.isoformat()} if self.retry_at else {}
        return {**self.figures, **retry}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What the line says; each refusal has figures of its own."""
        known = dict(kept or {})
        retry_at = known.pop(_RETRY_AT, None)
        return cls(known, datetime.fromisoformat(retry_at) if retry_at else None)


# Of what was not refused.
NO_REFUSAL = RefusedDetails()
