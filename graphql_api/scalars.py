"""Scalars beyond GraphQL's own, and the check that every text of a caller passes."""

import dataclasses
import unicodedata
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition
from strawberry.utils.str_converters import to_camel_case

from loyalty.base.errors import InvalidInput

UnitCount = NewType("UnitCount", int)
LARGEST_UNIT_COUNT = 2**53 - 1
_LONGEST_TEXT = 2_000
_ALLOWED_CONTROLS = {"\t", "\n"}


def _unit_count(value: Any) -> UnitCount:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_UNIT_COUNT:
        raise ValueError("UnitCount is a whole number up to 2^53 - 1.")
    return UnitCount(value)


UNIT_COUNT: ScalarDefinition = strawberry.scalar(
    name="UnitCount",
    description="A JSON integer up to 2^53 - 1: stamps, or minor units of the program's currency.",
    serialize=int,
    parse_value=_unit_count,
)


def check_texts(value: object, *, codes: frozenset[str], field: str = "input") -> None:
    """Raise InvalidInput for a text with control characters, lone surrogates or 2,000+ characters.

    Walks an input object. Fields named in `codes` (tokens and the like) are left alone: a malformed
    code is answered like an unknown one.
    """
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            raise InvalidInput(details={"field": field, "reason": "length", "limit": _LONGEST_TEXT})
        if any(map(_is_bad, value)):
            raise InvalidInput(details={"field": field, "reason": "characters"})
    elif isinstance(value, list):
        for item in value:
            check_texts(item, codes=codes, field=field)
    elif dataclasses.is_dataclass(value):
        for part in dataclasses.fields(value):
            if part.name not in codes:
                check_texts(getattr(value, part.name), codes=codes, field=to_camel_case(part.name))


def _is_bad(character: str) -> bool:
    category = unicodedata.category(character)
    return category == "Cs" or (category == "Cc" and character not in _ALLOWED_CONTROLS)


# What GraphQL's Int can say; beyond it, points are shown as this many.
LARGEST_INT = 2**31 - 1
