"""What lies about a session: who it was taken for, and the visits that its limits look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from loyalty.db.roundtrip import Query

# Visits of the session's preset or program, as near to its moment as its limits reach; without
# limits nothing is near (NULL), for somebody may have come a hundred times today. A code is
# collected within 90 seconds of being made, so a reach that is 3 minutes longer holds all that the
# limits look at from the moment of the scan.
_ABOUT: LiteralString = """
SELECT s.email, s.scanned_at, s.expires_at, x.collected_at, x.preset_id, x.program_id
  FROM (SELECT s.preset_id, s.program_id, q.email, q.scanned_at, q.expires_at,
               coalesce(q.scanned_at, s.created_at) AS at,
               CASE WHEN s.policy -> 'cooldown_minutes' IS NOT NULL
                      OR s.policy -> 'daily_cap' IS NOT NULL
                    THEN make_interval(
                      days => CASE WHEN s.policy -> 'daily_cap' IS NULL THEN 0 ELSE 2 END,
                      mins => 3 + coalesce((s.policy ->> 'cooldown_minutes')::int, 0))
               END AS reach
          FROM loyalty_earnsession s LEFT JOIN loyalty_queuedsession q ON q.session_id = s.id
         WHERE {where}) s
  LEFT JOIN loyalty_earnsession x ON x.status = 'collected' AND x.customer_id = ANY(ARRAY(
         SELECT %s::bigint UNION ALL SELECT o.id FROM loyalty_customer k
           JOIN loyalty_customer o ON o.person = k.person WHERE k.id = %s))
   AND x.collected_at > s.at - s.reach AND x.collected_at < s.at + s.reach
   AND (x.preset_id = s.preset_id OR x.program_id = s.program_id)
"""


@dataclass(frozen=True, slots=True)
class WaitingAddress:
    """The address that a session was taken for."""

    email: str
    scanned_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NearVisit:
    """A collect of the person that a limit may look at, at whichever of their addresses."""

    at: datetime
    preset_id: int | None
    program_id: int


def near_query(
    customer_id: int, *, where: LiteralString, key: bytes | int
) -> Query[tuple[Any, ...]]:
    """Asks what lies about the session with this condition and key; a row at least for each."""
    return Query(_ABOUT.replace("{where}", where), [key, customer_id, customer_id])


def queued_of(rows: list[tuple[Any, ...]]) -> WaitingAddress | None:
    """For whom the session was taken, if it was."""
    return WaitingAddress(*rows[0][:3]) if rows and rows[0][0] is not None else None


def near_of(rows: list[tuple[Any, ...]]) -> list[NearVisit]:
    """The visits that the session's limits look at."""
    return [NearVisit(*row[3:]) for row in rows if row[3] is not None]
