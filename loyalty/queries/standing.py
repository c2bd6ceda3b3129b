"""Streaks and levels in the form in which outcomes and cards carry them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from loyalty.models import Customer, EarnSession
from loyalty.queries.person_facts import levels_ask, levels_of
from loyalty.rules.levels import Given, Ladder, Standing, held_rung, points_at
from loyalty.rules.streak import Streak
from loyalty.switches import Switches
from loyalty.trip import trip

State = dict[str, Any]


def streak_state(streak: Streak, switches: Switches, *, now: datetime) -> State | None:
    """The days in a row and until when the next visit keeps them; None without a streak rule."""
    if switches.streak is None:
        return None
    days = streak.shown(now)
    ends_at = streak.ends_at.isoformat() if days and streak.ends_at else None
    return {"days": days, "threshold": switches.streak.threshold, "keep_until": ends_at}


def level_state(
    standing: Standing, given: Sequence[Given], ladder: Ladder, *, now: datetime
) -> State | None:
    """The level held now and what is missing to the next; None where there are no levels.

    The name is empty before the first level; `next` and `missing` are None on the highest.
    """
    if not ladder.rungs:
        return None
    held = held_rung(standing, given, ladder, at=now)
    above = ladder.rungs[held] if held < len(ladder.rungs) else None
    have = points_at(given, ladder, at=now)
    return {
        "name": ladder.rungs[held - 1].name if held else "",
        "next": above.name if above else None,
        "missing": max(0, above.threshold - have) if above else None,
    }


def level_now(customer_id: int | None, *, now: datetime) -> State | None:
    """The customer's level as it reads now; None where there are no levels."""
    rows = levels_ask()
    trip(rows)
    if not rows.rows or customer_id is None:
        return None
    ladder = levels_of(tuple(rows.rows)).ladder
    visits = EarnSession.objects.filter(
        customer_id=customer_id, status="collected", collected_at__gt=now - ladder.memory
    ).values_list("collected_at", "points_given")
    given = [Given(at, points) for at, points in visits if at is not None]
    rung = Customer.objects.values_list("level_rung", flat=True).get(pk=customer_id)
    return level_state(Standing(rung), given, ladder, now=now)
