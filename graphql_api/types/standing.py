"""Streak and level, made from the snapshot that an action stored or a query read."""

from datetime import datetime
from typing import Any

import strawberry


@strawberry.type(description="Consecutive qualifying visits.")
class Streak:
    """A streak."""

    days: int = strawberry.field(description="The days in a row so far.")
    threshold: int = strawberry.field(description="A bonus comes at each multiple of this.")
    keep_until: datetime | None = strawberry.field(
        description="The moment until which the next visit keeps the streak, in UTC."
    )


@strawberry.type(description="The status that activity points have reached.")
class LevelStatus:
    """A level."""

    name: str = strawberry.field(
        description="The level's name, such as Silver; empty before the first."
    )
    next: str | None = strawberry.field(description="The next level's name; null at the top.")
    missing_points: int | None = strawberry.field(description="Points missing to the next level.")


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
