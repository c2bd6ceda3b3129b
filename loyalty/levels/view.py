"""A streak and a level as a card shows them, and as outcomes keep them (loyalty/cards/view.py)."""

from datetime import datetime
from typing import Any, NamedTuple, Self

from loyalty.counting.activity import Activity, later
from loyalty.counting.level_table import LevelTable
from loyalty.counting.levels import LevelStatus, is_rise_on_hold, level_index_now
from loyalty.counting.streak import Streak
from loyalty.db.roundtrip import send
from loyalty.levels.facts import levels_of, levels_query
from loyalty.levels.points import moment, past_of, points_facts, points_query
from loyalty.models import Customer
from loyalty.switches import Switches

Stored = dict[str, Any]


class StreakView(NamedTuple):
    """The days in a row that count; a visit before `keep_until` keeps them."""

    days: int
    threshold: int
    keep_until: datetime | None

    @classmethod
    def of(cls, streak: Streak, switches: Switches, *, now: datetime) -> Self | None:
        """The streak as it reads now; None where the program has none."""
        if switches.streak is None:
            return None
        days = streak.shown(now)
        return cls(days, switches.streak.threshold, streak.ends_at if days else None)

    def stored(self) -> Stored:
        """As outcomes keep it."""
        until = text_of(self.keep_until)
        return {"days": self.days, "threshold": self.threshold, "keep_until": until}

    @classmethod
    def from_stored(cls, kept: Stored | None) -> Self | None:
        """What was kept; None without a streak, and before there were any."""
        return cls(kept["days"], kept["threshold"], moment_of(kept["keep_until"])) if kept else None


class LevelView(NamedTuple):
    """A customer's level, and what is missing to the next.

    `name` is empty before the first; `next` and `missing` are None on the highest. `is_held`: the
    points reach the next one, and a manager is to look at the rise first.
    """

    name: str
    next: str | None
    missing: int | None
    is_held: bool

    @classmethod
    def of(
        cls, level_status: LevelStatus, activity: Activity, level_table: LevelTable
    ) -> Self | None:
        """The level at the activity's moment; None where there are no levels."""
        if not level_table.levels:
            return None
        held = level_index_now(level_status, activity, level_table)
        above = level_table.levels[held] if held < len(level_table.levels) else None
        return cls(
            name=level_table.levels[held - 1].name if held else "",
            next=above.name if above else None,
            missing=max(0, above.threshold - activity.points) if above else None,
            is_held=is_rise_on_hold(level_status, activity, level_table),
        )

    def stored(self) -> Stored:
        """As outcomes keep it."""
        return {
            "name": self.name,
            "next": self.next,
            "missing": self.missing,
            "is_held": self.is_held,
        }

    @classmethod
    def from_stored(cls, kept: Stored | None) -> Self | None:
        """What was kept; None without levels, and before there were any."""
        if not kept:
            return None
        return cls(kept["name"], kept["next"], kept["missing"], kept.get("is_held", False))


def level_now(customer_id: int | None, *, now: datetime) -> LevelView | None:
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
    return LevelView.of(LevelStatus(level_index, held_at=held_at), activity, levels.level_table)


def text_of(at: datetime | None) -> str | None:
    """A moment as outcomes keep it."""
    return at.isoformat() if at else None


def moment_of(text: str | None) -> datetime | None:
    """A moment that was kept."""
    return datetime.fromisoformat(text) if text else None
