"""Counts attempts in the database, so that all server processes share one count."""

from datetime import UTC, datetime, timedelta

from loyalty.models import Tally
from loyalty.tokens import digest
from loyalty.trip import Ask, trip

_SQL = (
    "INSERT INTO loyalty_tally AS t (what, window, count) VALUES (%s, %s, 1)"
    " ON CONFLICT (what, window) DO UPDATE SET count = t.count + EXCLUDED.count RETURNING count"
)
_LONGEST = 200
# The window of what is counted until it is cleared: it never lies behind, so nothing prunes it.
_ENDLESS = datetime(9999, 1, 1, tzinfo=UTC)


def tally(what: str, *, every: timedelta, now: datetime) -> tuple[int, datetime]:
    """Count one more; the count in the current window of this length, and when the window ends.

    One statement, committed by itself unless the caller has a transaction: then the count survives
    the refusal that follows from it.
    """
    start = _window_start(now, every)
    return _counted(what, start), start + every


def tally_until_cleared(what: str) -> int:
    """Count one more; the count since it was last cleared."""
    return _counted(what, _ENDLESS)


def take_back(what: str, *, every: timedelta, now: datetime, count: int = 1) -> None:
    """Uncount one, or so many, which turned out not to be failures."""
    trip(
        Ask(
            "UPDATE loyalty_tally SET count = greatest(count - %s, 0)"
            ' WHERE what = %s AND "window" = %s',
            [count, _short(what), _window_start(now, every)],
        )
    )


def clear(what: str) -> int:
    """Forget the count in all windows; how much it was."""
    found: Ask[int] = Ask(
        "DELETE FROM loyalty_tally WHERE what = %s RETURNING count",
        [_short(what)],
        row=lambda row: int(row[0]),
    )
    trip(found)
    return sum(found.rows)


def counted_under(prefix: str) -> dict[str, int]:
    """What is counted until it is cleared and begins like this, by the rest of its name."""
    found = Tally.objects.filter(what__startswith=prefix, window=_ENDLESS)
    return {what.removeprefix(prefix): count for what, count in found.values_list("what", "count")}


def _counted(what: str, start: datetime) -> int:
    counted = Ask(
        _SQL.replace("window", '"window"'), [_short(what), start], row=lambda found: int(found[0])
    )
    trip(counted)
    return counted.only


def _short(what: str) -> str:
    # An address may be longer than the column.
    return what if len(what) <= _LONGEST else digest(what).hex()


def _window_start(now: datetime, every: timedelta) -> datetime:
    length = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // length * length, tz=UTC)
