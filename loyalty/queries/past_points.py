"""A customer's points without reading every visit: what is kept of them, while it holds."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

from loyalty.queries.levels import Levels
from loyalty.rules.activity import Activity, Past, counted
from loyalty.rules.ladder import Given
from loyalty.trip import Ask

# One row at least, where there are levels: how many visits there are and when the latest was, and
# those that left the period since what is kept. Behind the customer's lock, so that none is new.
_SINCE: LiteralString = """
SELECT k.activity::text, c.visits, c.latest, s.level_period_days, x.collected_at, x.points_given
  FROM (SELECT coalesce(sum(visits), 0)::bigint AS visits, max(last_visit_at) AS latest
          FROM loyalty_card WHERE customer_id = %s) c
  JOIN loyalty_settings s ON s.id = 1
  JOIN loyalty_customer k ON k.id = %s
  LEFT JOIN loyalty_earnsession x ON x.customer_id = k.id AND x.status = 'collected'
   AND x.collected_at > (k.activity ->> 'at')::timestamptz
                        - make_interval(hours => 24 * s.level_period_days)
   AND x.collected_at <= (SELECT public.plusone_clock())
                         - make_interval(hours => 24 * s.level_period_days)
 WHERE EXISTS (SELECT 1 FROM loyalty_level)
 ORDER BY x.collected_at
"""
_ALL: LiteralString = """
SELECT collected_at, points_given FROM loyalty_earnsession
 WHERE customer_id = %s AND status = 'collected' AND collected_at > %s ORDER BY collected_at
"""
Trip = Callable[[Ask[Given]], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """The activity after so many visits, counted by these numbers of the levels."""

    activity: Activity
    visits: int
    numbers: str


@dataclass(frozen=True, slots=True)
class PointsFacts:
    """What is kept, how many visits there are and when the latest was, and what left the period."""

    kept: Kept | None
    visits: int
    latest: datetime | None
    period: timedelta
    given: tuple[Given, ...]

    def past(self, levels: Levels, *, at: datetime) -> Past | None:
        """The past as a visit at this moment sees it; None: only all visits can tell.

        So it is when something was taken back, imported or granted late, when an owner changed
        the levels, and for a visit that lies before the latest one.
        """
        if not self.visits:
            return Past()
        kept = self.kept
        if kept is None or self.latest is None or at < self.latest:
            return None
        holds = (kept.visits, kept.activity.at) == (self.visits, self.latest)
        # An owner may have changed the levels between two statements of one trip.
        is_same = kept.numbers == levels.numbers and self.period == levels.ladder.period
        return Past(kept.activity, self.given) if holds and is_same else None


def points_ask(customer_id: int) -> Ask[tuple[Any, ...]]:
    """Asks for what is kept, and what became of it since."""
    return Ask(_SINCE, [customer_id, customer_id])


def points_facts(rows: list[tuple[Any, ...]]) -> PointsFacts | None:
    """The facts of such rows; None where there are no levels."""
    if not rows:
        return None
    kept, visits, latest, period = rows[0][:4]
    given = tuple(Given(at, points) for *_, at, points in rows if at is not None)
    known = kept_of(json.loads(kept)) if kept else None
    return PointsFacts(known, visits, latest, timedelta(days=period), given)


def past_of(
    points: PointsFacts | None, levels: Levels, *, customer_id: int, at: datetime, trip: Trip
) -> Past:
    """The past as a visit at this moment sees it; read in one more trip where nothing holds."""
    if not levels.ladder.rungs:
        return Past()
    if points and (past := points.past(levels, at=at)):
        return past
    since = at - levels.ladder.memory
    visits = Ask(_ALL, [customer_id, since], row=lambda row: Given(*row))
    trip(visits)
    given = visits.rows
    return Past(counted(given, levels.ladder, at=given[-1].at), given) if given else Past()


def kept_of(stored: dict[str, Any]) -> Kept:
    """What a customer's row keeps."""
    until = tuple(datetime.fromisoformat(each) if each else None for each in stored["until"])
    at = datetime.fromisoformat(stored["at"])
    return Kept(Activity(at, stored["points"], until), stored["visits"], stored["numbers"])


def stored_of(kept: Kept) -> dict[str, Any]:
    """The same, as the row keeps it."""
    activity = kept.activity
    return {
        "numbers": kept.numbers,
        "visits": kept.visits,
        "at": activity.at.isoformat() if activity.at else None,
        "points": activity.points,
        "until": [each.isoformat() if each else None for each in activity.until],
    }
