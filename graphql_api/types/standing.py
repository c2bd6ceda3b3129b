"""Streak and level, made from the snapshot that an action stored or a query read."""

from datetime import datetime
from typing import Any

import strawberry


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

    name: str = strawberry.field(
        description="The level's name, such as Silver; empty before the first."
    )
    next: str | None = strawberry.field(
        description="The next level's name; null for whoever has the highest."
    )
    missing_points: int | None = strawberry.field(
        description="The points that are missing to the next level; null for whoever has the "
        "highest."
    )


def streak(state: dict[str, Any] | None) -> Streak | None:
    """The streak of a stored or freshly read state."""
    if state is None:
        return None
    until = state["keep_until"]
    keep_until = datetime.fromisoformat(until) if until else None
    return Streak(days=state["days"], threshold=state["threshold"], keep_until=keep_until)


def level(state: dict[str, Any] | None) -> LevelStatus | None:
    """The level of a stored or freshly read state."""
    if state is None:
        return None
    return LevelStatus(name=state["name"], next=state["next"], missing_points=state["missing"])
