"""The levels as they were: what owners made of them, one after the other."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from loyalty.base.events import EventKind
from loyalty.counting.level_table import LevelRule, LevelTable
from loyalty.db.roundtrip import send
from loyalty.events.people import LevelsSetDetails
from loyalty.history.steps import Gifts, LevelTableChange
from loyalty.levels.facts import levels_of, levels_query
from loyalty.models import Event
from loyalty.switches import Reward

_RUNG = ("id", "name", "threshold", "percent")


@dataclass(frozen=True, slots=True)
class LevelTables:
    """The level table before the log knows of any, and every change with its event.

    `is_whole`: the log leads from that first table to the one that is stored; else the levels
    were written around it, and nobody knows when.
    """

    first: LevelTable
    gifts: Gifts
    changes: tuple[tuple[Event, LevelTableChange], ...] = ()
    is_whole: bool = True


def past_level_tables() -> LevelTables:
    """All level tables that the business ever had, as far as the log knows them."""
    rows = levels_query()
    send(rows)
    now = levels_of(tuple(rows.rows))
    found = Event.objects.filter(kind=EventKind.LEVELS_SET).order_by("id")
    changes = tuple((event, _change(event)) for event in found)
    if not changes:
        return LevelTables(now.level_table, dict(now.gifts))
    first, last = changes[0][1], changes[-1][1]
    # With nobody to move there was no level before; the numbers count for nothing without one.
    was_empty = list(first.moved) == [0]
    is_same = (
        last.level_table == now.level_table
        if now.level_table.levels
        else not last.level_table.levels
    )
    return LevelTables(LevelTable(), {}, changes, is_whole=was_empty and is_same)


def _change(event: Event) -> LevelTableChange:
    kept: dict[str, Any] = event.policy or {}
    levels = kept["levels"]
    level_table = LevelTable(
        tuple(LevelRule(*(each[name] for name in _RUNG)) for each in levels),
        timedelta(days=kept["period_days"]),
        timedelta(days=kept["grace_days"]),
        kept["most_rises"],
        timedelta(days=kept["rises_within_days"]),
    )
    gifts = {each["id"]: Reward(**each["gift"]) for each in levels if each["gift"]}
    return LevelTableChange(level_table, gifts, LevelsSetDetails.from_stored(event.details).moved)
