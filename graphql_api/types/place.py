"""Locations."""

from collections.abc import Mapping, Sequence
from enum import Enum

import strawberry

from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.types.node import Node
from loyalty import models


@described(
    "A day of the week.",
    {
        "MONDAY": "The first day of the week.",
        "TUESDAY": "The second day of the week.",
        "WEDNESDAY": "The third day of the week.",
        "THURSDAY": "The fourth day of the week.",
        "FRIDAY": "The fifth day of the week.",
        "SATURDAY": "The sixth day of the week.",
        "SUNDAY": "The seventh day of the week.",
    },
)
class Weekday(Enum):
    """From Monday on, as stored."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


@strawberry.type(description="A span of a day during which a place is open.")
class OpeningHours:
    """A span."""

    weekday: Weekday = strawberry.field(description="The day on which it begins.")
    opens_at: str = strawberry.field(
        description="When it begins, by the place's own clock, such as 08:00."
    )
    closes_at: str = strawberry.field(
        description="The first minute at which it is over, such as 18:00, or 24:00; one that is not"
        " after the beginning is on the next day."
    )


@strawberry.type(description="One place of the business.")
class Location(Node):
    """A location."""

    name: str = strawberry.field(description="The name that staff and customers read.")
    time_zone: str = strawberry.field(
        description="The IANA time zone in which this place's days begin and end."
    )
    opening_hours: list[OpeningHours] | None = strawberry.field(
        description="When it is open, from Monday on; a day without hours is one on which it is"
        " closed. Null where the hours are not known."
    )


def location(row: models.Location) -> Location:
    """The location of a row."""
    return Location(
        id=_id("Location", row.pk),
        name=row.name,
        time_zone=row.time_zone,
        opening_hours=None if not row.opening_hours else _hours(row.opening_hours),
    )


def locations(rows: Sequence[models.Location]) -> list[Location]:
    """The locations of one page."""
    return [location(row) for row in rows]


def _hours(stored: Mapping[str, Sequence[Sequence[str]]]) -> list[OpeningHours]:
    return [
        OpeningHours(weekday=day, opens_at=opens, closes_at=closes)
        for number, day in enumerate(Weekday)
        for opens, closes in stored.get(str(number), ())
    ]


def _id(kind: str, number: int) -> strawberry.ID:
    return strawberry.ID(global_id(kind, number))
