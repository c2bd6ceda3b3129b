"""Counts attempts in the database, so that all server processes share one count."""

from datetime import UTC, datetime, timedelta

from loyalty.trip import Ask, clock, trip

_SQL = (
    "INSERT INTO loyalty_tally AS t (what, window, count) VALUES (%s, %s, 1)"
    " ON CONFLICT (what, window) DO UPDATE SET count = t.count + EXCLUDED.count RETURNING count"
)


def tally(what: str, *, every: timedelta, now: datetime) -> tuple[int, datetime]:
    """Count one more; the count in the current window of this length, and when the window ends.

    One statement, committed by itself: the count survives the refusal that follows from it.
    """
    start = _window_start(now, every)
    counted = Ask(
        _SQL.replace("window", '"window"'), [what, start], row=lambda found: int(found[0])
    )
    trip(counted)
    return counted.only, start + every


def count_so_far(what: str, *, every: timedelta) -> tuple[int, datetime]:
    """The count without counting, and when the window ends."""
    now = clock()
    trip(now)
    start = _window_start(now.only, every)
    found = Ask(
        'SELECT count FROM loyalty_tally WHERE what = %s AND "window" = %s',
        [what, start],
        row=lambda row: int(row[0]),
    )
    trip(found)
    return found.first or 0, start + every


def _window_start(now: datetime, every: timedelta) -> datetime:
    length = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // length * length, tz=UTC)
