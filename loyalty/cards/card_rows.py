"""The row of a card: what is read of it, and what it says of where the card stands."""

from datetime import datetime
from typing import Any, NamedTuple

from loyalty.counting.streak import Streak
from loyalty.counting.visit import CardState
from loyalty.db.columns import columns
from loyalty.models import Card


class CardRow(NamedTuple):
    """Where a card stands, but for its counters, which are rows of their own."""

    id: int
    version: int
    visits: int
    points: int
    created_at: datetime
    last_visit_at: datetime | None
    units_end_at: datetime | None
    streak_days: int
    streak_last_at: datetime | None
    streak_freezes_used: int
    streak_ends_at: datetime | None
    streaks_owed: int


CARD = columns(CardRow, "c")


def streak_of(row: CardRow | Card) -> Streak:
    """The streak of a card."""
    return Streak(row.streak_days, row.streak_last_at, row.streak_freezes_used, row.streak_ends_at)


def state_of(row: CardRow) -> CardState:
    """The card as its rules see it, but for its counters."""
    owed, streak = row.streaks_owed, streak_of(row)
    return CardState({}, streak, owed, row.last_visit_at, row.units_end_at)


def streak_values(streak: Streak) -> dict[str, Any]:
    """What the row says of a streak."""
    return {
        "streak_days": streak.days,
        "streak_last_at": streak.last_at,
        "streak_freezes_used": streak.used,
        "streak_ends_at": streak.ends_at,
    }


def state_values(state: CardState) -> dict[str, Any]:
    """What the row says of where the card stands, but for what it owes."""
    return {
        "last_visit_at": state.last_at,
        "units_end_at": state.units_end_at,
        **streak_values(state.streak),
    }
