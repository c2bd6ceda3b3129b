"""Counts what happened in the database, so that all server processes share one count."""

from datetime import UTC, datetime, timedelta

from loyalty.db.roundtrip import Query, Transaction, send
from loyalty.models import Tally

_SQL = (
    'INSERT INTO loyalty_tally AS t (what, "window", count) VALUES (%s, %s, 1)'
    ' ON CONFLICT (what, "window") DO UPDATE SET count = t.count + EXCLUDED.count RETURNING count'
)
# The window of what is counted until it is cleared: it never lies behind, so nothing prunes it.
_ENDLESS = datetime(9999, 1, 1, tzinfo=UTC)


def count_attempt(
    what: str, *, every: timedelta, now: datetime, within: Transaction | None = None
) -> int:
    """Count one more; the count in the current window of this length.

    One statement, committed by itself unless the caller has a transaction. What may be tried so
    often is a limit (`allowance.py`), and no tally.
    """
    return _counted(what, _window_start(now, every), within)


def count_until_cleared(what: str) -> int:
    """Count one more; the count since it was last cleared."""
    return _counted(what, _ENDLESS, None)


def clear(what: str) -> int:
    """Forget the count in all windows; how much it was."""
    found: Query[int] = Query(
        "DELETE FROM loyalty_tally WHERE what = %s RETURNING count",
        [what],
        row=lambda row: int(row[0]),
    )
    send(found)
    return sum(found.rows)


def counted_under(prefix: str) -> dict[str, int]:
    """What is counted until it is cleared and begins like this, by the rest of its name."""
    found = Tally.objects.filter(what__startswith=prefix, window=_ENDLESS)
    return {what.removeprefix(prefix): count for what, count in found.values_list("what", "count")}


def _counted(what: str, start: datetime, within: Transaction | None) -> int:
    counted = Query(_SQL, [what, start], row=lambda found: int(found[0]))
    (within.send if within else send)(counted)
    return counted.only


def _window_start(now: datetime, every: timedelta) -> datetime:
    length = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // length * length, tz=UTC)
