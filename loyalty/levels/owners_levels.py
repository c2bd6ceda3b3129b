"""The business's levels as their owner set them."""

from dataclasses import asdict
from typing import Any

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Actor
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.models import Level, Settings
from loyalty.switches import Reward

# The level table's numbers, and where the business's one row keeps them.
COLUMNS = {
    "period_days": "level_period_days",
    "grace_days": "level_grace_days",
    "most_rises": "level_most_rises",
    "rises_within_days": "level_rises_within_days",
}


def owners_levels(*, actor: Actor) -> NewLevelTable:
    """The levels, the lowest first, each with its id, and the numbers; for anybody signed in."""
    access.require(actor, Permission.READ_LEVELS)
    return kept_levels()


def kept_levels() -> NewLevelTable:
    """The same for an action that has asked already."""
    found = Settings.objects.get()
    numbers = {name: getattr(found, column) for name, column in COLUMNS.items()}
    return NewLevelTable(
        tuple(_level(row) for row in Level.objects.order_by("threshold")), **numbers
    )


def stored_gift(gift: Reward | None) -> dict[str, Any] | None:
    """As a level's row keeps it."""
    return asdict(gift) if gift else None


def _level(row: Level) -> NewLevel:
    gift = Reward(**row.gift) if row.gift else None
    return NewLevel(row.name, row.threshold, row.percent, row.benefit, gift, row.pk)
