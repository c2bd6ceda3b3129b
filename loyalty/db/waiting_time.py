"""How long something takes, by the clock that decides it."""

from datetime import datetime
from typing import LiteralString

from loyalty.base import tokens
from loyalty.db.roundtrip import Query, clock, database_now, send

_MINUTE = 60
_SEEN: LiteralString = """
SELECT coalesce(
       (SELECT time_zone FROM loyalty_location WHERE id = %s),
       (SELECT l.time_zone FROM loyalty_location l
          JOIN loyalty_earnsession s ON s.location_id = l.id WHERE s.token_digest = %s),
       (SELECT time_zone FROM loyalty_location ORDER BY id LIMIT 1), 'UTC')
"""


def minutes_until(moment: datetime) -> int:
    """Whole minutes, rounded up; at least 1, so that nobody is told to try again now in vain."""
    now = database_now()
    return max(1, -int((now - moment).total_seconds() // _MINUTE))


def seen_at(*, location_id: int | None, token: str | None) -> tuple[datetime, str]:
    """Now, and the time zone of this location, of the session's, or of the first location."""
    now = clock()
    zone = Query(_SEEN, [location_id, tokens.digest(token or "")], row=lambda row: str(row[0]))
    send(now, zone)
    return now.only, zone.only
