"""Who collected the most points, under the names that they chose for it.

Rules: docs/rules.md#nicknames.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString, NamedTuple

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Actor, CustomerActor
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, database_now, send

AT_MOST = 100
# Periods are the calendar's, at the business's first location: a week begins on its Monday. Only
# who has a nickname is counted, each by the index of their visits.


class Period(StrEnum):
    """Since when points count."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class LeaderboardLine:
    """One line; those with equal points share a rank, and the next rank leaves as many out."""

    rank: int
    nickname: str
    points: int
    is_me: bool


class LeaderboardRow(NamedTuple):
    """A line, where the owner wants a leaderboard and somebody is on it."""

    has_leaderboard: bool
    line: LeaderboardLine | None


_PLACE = columns(
    LeaderboardRow, "s", line=columns(LeaderboardLine, "b", is_me="b.id = %s").or_none()
)
_SQL: LiteralString = f"""
WITH place AS (SELECT coalesce((SELECT l.time_zone FROM loyalty_location l
                                 WHERE NOT l.is_archived ORDER BY l.id LIMIT 1), 'UTC') AS zone),
span AS MATERIALIZED (SELECT CASE WHEN w.what = 'all' THEN '-infinity'::timestamptz ELSE
    date_trunc(replace(w.what, 'all', 'year'), w.now AT TIME ZONE p.zone)
      AT TIME ZONE p.zone END AS start
  FROM place p, (SELECT %s::text AS what, %s::timestamptz AS now) w)
SELECT {_PLACE.sql}
  FROM loyalty_settings s LEFT JOIN LATERAL (
    SELECT rank() OVER (ORDER BY v.points DESC) AS rank, k.nickname, v.points, k.id
      FROM loyalty_customer k CROSS JOIN LATERAL (
        SELECT sum(x.points_given) AS points FROM loyalty_earnsession x
         WHERE x.customer_id = k.id AND x.status = 'collected'
           AND x.collected_at >= (SELECT start FROM span)) v
     WHERE s.has_leaderboard AND k.nickname <> '' AND v.points > 0
     ORDER BY 1, lower(k.nickname) LIMIT %s) b ON true
"""  # noqa: S608  our own columns


def leaderboard(period: Period, *, first: int, actor: Actor) -> list[LeaderboardLine] | None:
    """The first places of this period, at most 100; None where the owner wants no leaderboard."""
    access.require(actor, Permission.READ_LEADERBOARD)
    shown = [actor.id if isinstance(actor, CustomerActor) else 0, min(first, AT_MOST)]
    found = Query(_SQL, [period.value, database_now(), *shown], row=_PLACE.row)
    send(found)
    if not found.first or not found.first.has_leaderboard:
        return None
    return [row.line for row in found.rows if row.line]
