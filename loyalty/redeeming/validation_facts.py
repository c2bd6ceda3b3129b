"""What the counter's look at, confirmation or cancellation of a redemption rests on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

from loyalty.base.states import RedemptionStatus
from loyalty.cards.view import BonusView, ProgressView, TierView
from loyalty.db.columns import column, columns
from loyalty.db.roundtrip import Query
from loyalty.redeeming.redemption_facts import RedemptionFacts

_LOCATION: LiteralString = "SELECT 1 FROM loyalty_location WHERE id = %s AND NOT is_archived"
_MAKE_GUARDS: LiteralString = "INSERT INTO loyalty_pinguard (what, wrong, count) VALUES "
_NEW_GUARD: LiteralString = "(%s, '{}', 0)"
_UNLESS_MADE: LiteralString = " ON CONFLICT (what) DO NOTHING"


@dataclass(frozen=True, slots=True)
class WrongPins:
    """The wrong PINs of a person, of a device, or of a program's day."""

    id: int
    wrong: str
    day: date | None
    count: int


_WRONG = columns(WrongPins, "g")
_GUARD: LiteralString = f"SELECT {_WRONG.sql} FROM loyalty_pinguard g WHERE g.what = %s FOR UPDATE"  # noqa: S608  our own columns
_COUNTER = columns(
    ProgressView,
    "n",
    tier=columns(TierView, "t").or_none(),
    open="coalesce(n.open, 0)",
    debt="coalesce(n.debt, 0)",
    threshold="v.threshold",
)
_PROGRESS: LiteralString = f"""
SELECT {_COUNTER.sql}
  FROM loyalty_redemption r JOIN loyalty_card c ON c.id = r.card_id
  JOIN loyalty_programversion v ON v.id = c.promise_id
  LEFT JOIN loyalty_tier t ON t.program_id = c.program_id
       AND v.bonus_model = 'STAMP_COUNT' AND v.mode = 'TIERED'
  LEFT JOIN loyalty_counter n ON n.card_id = c.id AND n.tier_id IS NOT DISTINCT FROM t.id
 WHERE r.id = %s ORDER BY t.rank NULLS FIRST
"""  # noqa: S608  our own columns


def location(location_id: int) -> Query[tuple[int]]:
    """Asks whether the location is open for business."""
    return Query(_LOCATION, [location_id])


@dataclass(frozen=True, slots=True)
class GuardQueries:
    """The statements of one round trip, in the order in which everybody locks."""

    made: Query[Any]
    person: Query[WrongPins]
    device: Query[WrongPins] | None
    program: Query[WrongPins]
    budget: Query["PinBudget"]

    @property
    def all(self) -> list[Query[Any]]:
        """The statements."""
        device = [self.device] if self.device else []
        return [self.made, self.person, *device, self.program, self.budget]


def guards(staff_id: int, program_id: int, *, device_id: int | None) -> GuardQueries:
    """Makes and locks the guards, and asks for the budget's numbers."""
    person, device = f"staff:{staff_id}", f"device:{device_id}" if device_id else None
    names = [person, *([device] if device else []), f"program:{program_id}"]
    return GuardQueries(
        Query(_MAKE_GUARDS + ", ".join([_NEW_GUARD] * len(names)) + _UNLESS_MADE, names),
        _guard(person),
        _guard(device) if device else None,
        program_guard(program_id),
        budget(program_id),
    )


def _guard(what: str) -> Query[WrongPins]:
    return Query(_GUARD, [what], row=_WRONG.row)


def program_guard(program_id: int) -> Query[WrongPins]:
    """Locks the program's guard, if it has one yet."""
    return _guard(f"program:{program_id}")


@dataclass(frozen=True, slots=True)
class PinBudget:
    """The business's open locations, and the program's redemptions by day (UTC)."""

    locations: int
    by_day: Mapping[date, int]

    def yesterday(self, now: datetime) -> int:
        """The redemptions of the day before this moment's."""
        return self.by_day.get(now.date() - timedelta(days=1), 0)


def _by_day(stored: str | None) -> dict[date, int]:
    days = json.loads(stored) if stored else {}
    return {date.fromisoformat(day): days[day] for day in days}


# The days (UTC) of the program's latest redemptions, yesterday among them if it had any.
_BUDGET = columns(
    PinBudget,
    "b",
    locations="(SELECT count(*) FROM loyalty_location WHERE NOT is_archived)",
    by_day=column(
        """(SELECT jsonb_object_agg(d.day, d.count)::text FROM (
          SELECT (r.decided_at AT TIME ZONE 'UTC')::date AS day, count(*) AS count
            FROM loyalty_redemption r
           WHERE r.program_id = %s AND r.status = 'confirmed' AND r.decided_at > (
                 SELECT max(m.decided_at) FROM loyalty_redemption m
                  WHERE m.program_id = %s AND m.status = 'confirmed') - interval '2 days'
           GROUP BY 1) d)""",
        _by_day,
    ),
)


def budget(program_id: int) -> Query[PinBudget]:
    """Asks for the numbers that a program's budget of wrong PINs rests on."""
    return Query(f"SELECT {_BUDGET.sql}", [program_id, program_id], row=_BUDGET.row)


def progress(redemption_id: int) -> Query[ProgressView]:
    """Asks for the card's counters."""
    return Query(_PROGRESS, [redemption_id], row=_COUNTER.row)


@dataclass(frozen=True, slots=True)
class RedemptionSight:
    """What staff may see: no name, no address."""

    id: int
    status: str
    seconds_left: int
    product_id: int | None
    bonus: BonusView
    progress: list[ProgressView]
    at: datetime


def seen(
    facts: RedemptionFacts, counters: list[ProgressView], *, status: str, now: datetime
) -> RedemptionSight:
    """The redemption for the counter's screen."""
    return RedemptionSight(
        id=facts.id,
        status=status,
        seconds_left=facts.seconds_left(now) if status == RedemptionStatus.OPEN else 0,
        product_id=facts.product_id,
        bonus=facts.bonus,
        progress=counters,
        at=facts.decided_at or now,
    )
