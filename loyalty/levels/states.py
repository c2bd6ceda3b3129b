"""Streaks and levels in the form in which outcomes and cards carry them."""

from datetime import datetime
from typing import Any

from loyalty.counting.activity import Activity, later
from loyalty.counting.level_table import Ladder
from loyalty.counting.levels import Standing, held_rung, waits
from loyalty.counting.streak import Streak
from loyalty.db.roundtrip import trip
from loyalty.levels.facts import levels_ask, levels_of
from loyalty.levels.points import moment, past_of, points_ask, points_facts
from loyalty.models import Customer
from loyalty.switches.switches import Switches

State = dict[str, Any]


def streak_state(streak: Streak, switches: Switches, *, now: datetime) -> State | None:
    """The days in a row and until when the next visit keeps them; None without a streak rule."""
    if switches.streak is None:
        return None
    days = streak.shown(now)
    ends_at = streak.ends_at.isoformat() if days and streak.ends_at else None
    return {"days": days, "threshold": switches.streak.threshold, "keep_until": ends_at}


def level_state(standing: Standing, activity: Activity, ladder: Ladder) -> State | None:
    """The level held at the activity's moment and what is missing to the next; None: no levels.

    The name is empty before the first level; `next` and `missing` are None on the highest.
    `is_held`: the points reach the next one, and a manager is to look at the rise first.
    """
    if not ladder.rungs:
        return None
    held = held_rung(standing, activity, ladder)
    above = ladder.rungs[held] if held < len(ladder.rungs) else None
    return {
        "name": ladder.rungs[held - 1].name if held else "",
        "next": above.name if above else None,
        "missing": max(0, above.threshold - activity.points) if above else None,
        "is_held": waits(standing, activity, ladder),
    }


def level_now(customer_id: int | None, *, now: datetime) -> State | None:
    """The customer's level as it reads now; None where there are no levels."""
    if customer_id is None:
        return None
    rows, asked = levels_ask(), points_ask(customer_id, until=moment(now))
    trip(rows, asked)
    levels = levels_of(tuple(rows.rows))
    if not levels.ladder.rungs:
        return None
    points = points_facts(asked.rows)
    past = past_of(points, levels, customer_id=customer_id, at=now)
    stored = Customer.objects.values_list("level_rung", "level_held_at").get(pk=customer_id)
    activity = later(past.latest, past.given, levels.ladder, at=now)
    rung, held_at = stored
    return level_state(Standing(rung, held_at=held_at), activity, levels.ladder)
