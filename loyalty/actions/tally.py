"""Counts attempts in the database, so that all server processes share one count."""

from datetime import UTC, datetime, timedelta

from loyalty.tokens import digest
from loyalty.trip import Ask, trip

_SQL = (
    "INSERT INTO loyalty_tally AS t (what, window, count) VALUES (%s, %s, 1)"
    " ON CONFLICT (what, window) DO UPDATE SET count = t.count + EXCLUDED.count RETURNING count"
)
_LONGEST = 200


def tally(what: str, *, every: timedelta, now: datetime) -> tuple[int, datetime]:
    """Count one more; the count in the current window of this length, and when the window ends.

    One statement, committed by itself: the count survives the refusal that follows from it.
    """
    start = _window_start(now, every)
    what = _short(what)
    counted = Ask(
        _SQL.replace("window", '"window"'), [what, start], row=lambda found: int(found[0])
    )
    trip(counted)
    return counted.only, start + every


def take_back(what: str, *, every: timedelta, now: datetime) -> None:
    """Uncount one, which turned out not to be a failure."""
    trip(
        Ask(
            'UPDATE loyalty_tally SET count = count - 1 WHERE what = %s AND "window" = %s'
            " AND count > 0",
            [_short(what), _window_start(now, every)],
        )
    )


def _short(what: str) -> str:
    # An address may be longer than the column.
    return what if len(what) <= _LONGEST else digest(what).hex()


def _window_start(now: datetime, every: timedelta) -> datetime:
    length = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // length * length, tz=UTC)
