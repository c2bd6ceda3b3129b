"""Streaks and levels in the form in which outcomes and cards carry them."""

from datetime import datetime
from typing import Any

from loyalty.counting.activity import Activity, later
from loyalty.counting.level_table import LevelTable
from loyalty.counting.levels import LevelStatus, is_rise_on_hold, level_index_held
from loyalty.counting.streak import Streak
from loyalty.db.roundtrip import send
from loyalty.levels.facts import levels_of, levels_query
from loyalty.levels.points import moment, past_of, points_facts, points_query
from loyalty.models import Customer
from loyalty.switches import Switches

State = dict[str, Any]


def streak_state(streak: Streak, switches: Switches, *, now: datetime) -> State | None:
    """The days in a row and until when the next visit keeps them; None without a streak rule."""
    if switches.streak is None:
        return None
    days = streak.shown(now)
    ends_at = streak.ends_at.isoformat() if days and streak.ends_at else None
    return {"days": days, "threshold": switches.streak.threshold, "keep_until": ends_at}


def level_state(
    level_status: LevelStatus, activity: Activity, level_table: LevelTable
) -> State | None:
    """The level held at the activity's moment and what is missing to the next; None: no levels.

    The name is empty before the first level; `next` and `missing` are None on the highest.
    `is_held`: the points reach the next one, and a manager is to look at the rise first.
    """
    if not level_table.levels:
        return None
    held = level_index_held(level_status, activity, level_table)
    above = level_table.levels[held] if held < len(level_table.levels) else None
    return {
        "name": level_table.levels[held - 1].name if held else "",
        "next": above.name if above else None,
        "missing": max(0, above.threshold - activity.points) if above else None,
        "is_held": is_rise_on_hold(level_status, activity, level_table),
    }


def level_now(customer_id: int | None, *, now: datetime) -> State | None:
    """The customer's level as it reads now; None where there are no levels."""
    if customer_id is None:
        return None
    rows, asked = levels_query(), points_query(customer_id, until=moment(now))
    send(rows, asked)
    levels = levels_of(tuple(rows.rows))
    if not levels.level_table.levels:
        return None
    points = points_facts(asked.rows)
    past = past_of(points, levels, customer_id=customer_id, at=now)
    stored = Customer.objects.values_list("level_rung", "level_held_at").get(pk=customer_id)
    activity = later(past.latest, past.given, levels.level_table, at=now)
    level_index, held_at = stored
    return level_state(LevelStatus(level_index, held_at=held_at), activity, levels.level_table)
