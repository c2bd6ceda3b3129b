"""Enums whose every value says what it means."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar, cast

import strawberry

EnumT = TypeVar("EnumT", bound=type[Enum])


def described(
    description: str, values: Mapping[str, str], *, name: str | None = None
) -> Callable[[EnumT], EnumT]:
    """Show an enum in the schema with a sentence for each of its values, by their names.

    Raises ValueError for a value without a sentence, or a sentence without a value.
    """

    def shown(kind: EnumT) -> EnumT:
        if set(values) != set(kind.__members__):
            raise ValueError(f"{kind.__name__}: each value has one sentence.")
        found = strawberry.enum(kind, name=name, description=description)
        # A StrEnum holds texts alone: its sentences cannot stand at its values.
        for value in cast("Any", found).__strawberry_definition__.values:
            value.description = values[value.name]
        return found

    return shown
