"""The details of an event: one frozen class for each kind, and how the log keeps it.

What is stored stays as it is: the log is sealed, and processes of other releases read it. So a
field has a default that an older line means which does not say it, and keys that a newer process
wrote are passed over.
"""

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, ClassVar, Final, Literal, Self

from loyalty.base.events import EventKind


class NotSaid(Enum):
    """Stands for what a line does not say, where None says that there was none."""

    NOT_SAID = "not said"


NOT_SAID: Final[Literal[NotSaid.NOT_SAID]] = NotSaid.NOT_SAID


class EventDetails:
    """What a line of one kind says besides its columns; its fields are the stored keys."""

    __slots__ = ()
    event_kind: ClassVar[EventKind]

    @property
    def gift_ids(self) -> tuple[int, ...]:
        """The bonuses that the line names."""
        return ()

    @property
    def product_id(self) -> int | None:
        """The product that the line names."""
        return None

    @property
    def level_id(self) -> int | None:
        """The level that the line names."""
        return None

    def stored(self) -> dict[str, Any] | None:
        """As the log keeps it; None for a kind that has nothing to say."""
        return {name: _plain(getattr(self, name)) for name in _names(type(self))}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any] | None) -> Self:
        """What a line says; what it does not say is as it was before lines said it."""
        known = kept or {}
        return cls(**{name: _frozen(known[name]) for name in _names(cls) if name in known})


def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
