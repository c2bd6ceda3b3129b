"""Streak and level, as an action answered with them or a query read them."""

from datetime import datetime

import strawberry
from django.utils import translation

from graphql_api.context import Info
from loyalty.levels import LevelView, StreakView
from loyalty.wording import held_rise_text


@strawberry.type(description="A customer's visits in a row in one program.")
class Streak:
    """A streak."""

    days: int = strawberry.field(
        description="The visits in a row that count now, at most one a day; 0 when the streak is "
        "over."
    )
    threshold: int = strawberry.field(
        description="A bonus is given at each multiple of this number."
    )
    keep_until: datetime | None = strawberry.field(
        description="The first moment, in UTC, at which a visit begins a new streak; null while "
        "there is none."
    )


@strawberry.type(description="The level that a customer has reached with activity points.")
class LevelStatus:
    """A level."""

    name: str = strawberry.field(description="The level's name, such as Silver.")
    next: str | None = strawberry.field(
        description="The next level's name; null for whoever has the highest."
    )
    missing_points: int | None = strawberry.field(
        description="The points that are missing to the next level; null for whoever has the "
        "highest, and while the rise to the next one is held."
    )
    is_held: bool = strawberry.field(
        default=False,
        description="True while the points reach the next level and the business looks at the "
        "rise before it counts.",
    )

    @strawberry.field(
        description="A sentence about a rise that is held, in the caller's language; null while "
        "none is."
    )
    def notice(self, info: Info) -> str | None:
        """For anybody who shows the level."""
        return _notice(self.next or "", info.context.language) if self.is_held else None


@strawberry.type(description="The level that a customer reaches next, before the first one too.")
class NextLevel:
    """A level to come."""

    name: str = strawberry.field(description="The level's name, such as Silver.")
    missing_points: int | None = strawberry.field(
        description="The points that are missing to it; null while the rise to it is held."
    )
    is_held: bool = strawberry.field(
        description="True while the points reach it and the business looks at the rise before it "
        "counts."
    )

    @strawberry.field(
        description="A sentence about a rise that is held, in the caller's language; null while "
        "none is."
    )
    def notice(self, info: Info) -> str | None:
        """For anybody who shows what is missing."""
        return _notice(self.name, info.context.language) if self.is_held else None


def streak(view: StreakView | None) -> Streak | None:
    """The streak of a card; None where the program has none."""
    if view is None:
        return None
    return Streak(days=view.days, threshold=view.threshold, keep_until=view.keep_until)


def level(view: LevelView | None) -> LevelStatus | None:
    """The level of a card's customer; None before the first."""
    if view is None or not view.name:
        return None
    return LevelStatus(
        name=view.name, next=view.next, missing_points=_missing(view), is_held=view.is_held
    )


def next_level(view: LevelView | None) -> NextLevel | None:
    """The level that comes next; None on the highest."""
    if view is None or view.next is None:
        return None
    return NextLevel(name=view.next, missing_points=_missing(view), is_held=view.is_held)


def _missing(view: LevelView) -> int | None:
    # The points are there, and a manager decides.
    return None if view.is_held else view.missing


def _notice(level: str, language: str) -> str:
    # On a socket nobody else has chosen the language.
    with translation.override(language):
        return held_rise_text(level)
