"""A customer's points without reading every visit: what is kept of them, while it holds."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString, NamedTuple

from loyalty.counting.activity import Activity, PastVisits, counted
from loyalty.counting.level_table import VisitPoints
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, send
from loyalty.levels.facts import Levels


class PointsRow(NamedTuple):
    """What is kept, and one of the visits that left the period since (`at` None: none did)."""

    activity: str | None
    visits: int | None
    latest: datetime | None
    period_days: int
    at: datetime | None
    points: int


_POINTS = columns(
    PointsRow,
    "c",
    activity="c.activity::text",
    period_days="s.level_period_days",
    at="x.collected_at",
    points="x.points_given",
)
# One row at least, where there are levels: how many visits there are and when the latest was, what
# its card keeps, and the visits that left the period since, some later ones among them. Behind
# the customer's lock.
_SINCE: LiteralString = (
    f"SELECT {_POINTS.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_settings s
  LEFT JOIN (SELECT activity, last_visit_at AS latest, sum(visits) OVER ()::bigint AS visits
               FROM loyalty_card WHERE customer_id = %s
              ORDER BY last_visit_at DESC NULLS LAST LIMIT 1) c ON true
  LEFT JOIN loyalty_earnsession x ON x.customer_id = %s AND x.status = 'collected'
   AND x.collected_at > (c.activity ->> 'at')::timestamptz
                        - make_interval(hours => 24 * s.level_period_days)
   AND x.collected_at <= {until} - make_interval(hours => 24 * s.level_period_days)
 WHERE EXISTS (SELECT 1 FROM loyalty_level)
 ORDER BY x.collected_at
"""
)
_VISIT = columns(VisitPoints, "s", at="s.collected_at", points="s.points_given")
_ALL: LiteralString = f"""
SELECT {_VISIT.sql} FROM loyalty_earnsession s
 WHERE s.customer_id = %s AND s.status = 'collected' AND s.collected_at > %s
 ORDER BY s.collected_at
"""  # noqa: S608  our own columns
Trip = Callable[[Query[VisitPoints]], None]


@dataclass(frozen=True, slots=True)
class KeptPoints:
    """The activity after so many visits, counted by these numbers of the levels."""

    activity: Activity
    visits: int
    numbers: str


@dataclass(frozen=True, slots=True)
class PointsFacts:
    """What is kept, how many visits there are and when the latest was, and what left the period."""

    kept: KeptPoints | None
    visits: int
    latest: datetime | None
    period: timedelta
    given: tuple[VisitPoints, ...]

    def past(self, levels: Levels, *, at: datetime) -> PastVisits | None:
        """The past as a visit at this moment sees it; None: only all visits can tell.

        So it is when something was taken back, imported or granted late, when an owner changed
        the levels, and for a visit that lies before the latest one.
        """
        if not self.visits:
            return PastVisits()
        if self.kept is None or self.latest is None or at < self.latest:
            return None
        return PastVisits(self.kept.activity, self.given) if self.holds(levels) else None

    def holds(self, levels: Levels) -> bool:
        """Whether what is kept tells of all visits, counted by these levels."""
        if self.kept is None or self.latest is None:
            return False
        has_all = (self.kept.visits, self.kept.activity.at) == (self.visits, self.latest)
        # An owner may have changed the levels between two statements of one trip.
        is_same = (self.kept.numbers, self.period) == (levels.numbers, levels.level_table.period)
        return has_all and is_same


@dataclass(frozen=True, slots=True)
class MomentSql:
    """A moment that is not before the one that is asked about, as SQL with its values."""

    sql: LiteralString
    values: Sequence[object]


def moment(now: datetime) -> MomentSql:
    """A moment that is known before the trip."""
    return MomentSql("%s::timestamptz", [now])


def session_end(where: LiteralString, key: bytes | int) -> MomentSql:
    """When the session's code dies, for its collect: the clock is read in the same trip."""
    return MomentSql(f"(SELECT s.expires_at FROM loyalty_earnsession s WHERE {where})", [key])  # noqa: S608  our own condition


def points_query(customer_id: int, *, until: MomentSql) -> Query[PointsRow]:
    """Asks for what is kept, and what became of it until then."""
    sql = _SINCE.replace("{until}", until.sql)
    return Query(sql, [customer_id, customer_id, *until.values], row=_POINTS.row)


def points_facts(rows: list[PointsRow]) -> PointsFacts | None:
    """The facts of such rows; None where there are no levels."""
    if not rows:
        return None
    first = rows[0]
    given = tuple(VisitPoints(row.at, row.points) for row in rows if row.at is not None)
    known = kept_of(json.loads(first.activity)) if first.activity else None
    period = timedelta(days=first.period_days)
    return PointsFacts(known, first.visits or 0, first.latest, period, given)


def past_of(
    points: PointsFacts | None, levels: Levels, *, customer_id: int, at: datetime, send: Trip = send
) -> PastVisits:
    """The past as a visit at this moment sees it; read in one more trip where nothing holds."""
    if not levels.level_table.levels:
        return PastVisits()
    if points and (past := points.past(levels, at=at)):
        return past
    visits = _visits_query(customer_id, levels, at=at)
    send(visits)
    given = visits.rows
    return (
        PastVisits(counted(given, levels.level_table, at=given[-1].at), given)
        if given
        else PastVisits()
    )


def _visits_query(customer_id: int, levels: Levels, *, at: datetime) -> Query[VisitPoints]:
    # All that the moment looks back to, and all later ones.
    since = at - levels.level_table.memory
    return Query(_ALL, [customer_id, since], row=_VISIT.row)


def recounts(kept: Mapping[int, KeptPoints], *, levels: Levels) -> dict[int, KeptPoints]:
    """What should be kept for each customer, as at the same visit, by today's levels, all visits.

    All customers are read in one trip.
    """
    moments = {number: each.activity.at for number, each in kept.items()}
    asked = {number: _visits_query(number, levels, at=at) for number, at in moments.items() if at}
    send(*asked.values())
    return {number: _recounted(each, asked.get(number), levels) for number, each in kept.items()}


def _recounted(kept: KeptPoints, visits: Query[VisitPoints] | None, levels: Levels) -> KeptPoints:
    if visits is None or kept.activity.at is None:
        return kept
    activity = counted(visits.rows, levels.level_table, at=kept.activity.at)
    return KeptPoints(activity, kept.visits, levels.numbers)


def kept_of(stored: dict[str, Any]) -> KeptPoints:
    """What a card keeps."""
    until = tuple(datetime.fromisoformat(each) if each else None for each in stored["until"])
    at = datetime.fromisoformat(stored["at"])
    return KeptPoints(Activity(at, stored["points"], until), stored["visits"], stored["numbers"])


def stored_of(kept: KeptPoints) -> dict[str, Any]:
    """The same, as the row keeps it."""
    activity = kept.activity
    return {
        "numbers": kept.numbers,
        "visits": kept.visits,
        "at": activity.at.isoformat() if activity.at else None,
        "points": activity.points,
        "until": [each.isoformat() if each else None for each in activity.until],
    }
