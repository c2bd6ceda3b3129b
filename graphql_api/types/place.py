"""Locations."""

from collections.abc import Sequence

import strawberry

from graphql_api.ids import global_id
from graphql_api.types.node import Node
from loyalty import models


@strawberry.type(description="One place of the business.")
class Location(Node):
    """A location."""

    name: str = strawberry.field(description="The name that staff and customers read.")
    time_zone: str = strawberry.field(
        description="The IANA time zone in which this place's days begin and end."
    )


def location(row: models.Location) -> Location:
    """The location of a row."""
    return Location(id=_id("Location", row.pk), name=row.name, time_zone=row.time_zone)


def locations(rows: Sequence[models.Location]) -> list[Location]:
    """The locations of one page."""
    return [location(row) for row in rows]


def _id(kind: str, number: int) -> strawberry.ID:
    return strawberry.ID(global_id(kind, number))
