"""Takes from limits in the database, so that all server processes share them.

What is refused writes nothing. A row's lock puts all tries in one order: of a hundred at once those
that are wrong are counted one by one, and those that are right see how many were before them.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from loyalty.base import tokens
from loyalty.base.errors import RateLimited
from loyalty.db.roundtrip import Query, send
from loyalty.guards.limits import Limit

# One caller's use of a limit: `key` names the person, device, code or address.
Use = tuple[Limit, str]
_TAKE = (
    "INSERT INTO loyalty_allowance AS a (what, full_at) VALUES (%s, %s)"
    " ON CONFLICT (what) DO UPDATE SET full_at ="
    # A moment plus a time depends on the session's zone, which Citus refuses here: so in UTC.
    " (greatest(a.full_at, %s) AT TIME ZONE 'UTC' + %s::interval) AT TIME ZONE 'UTC'"
    " WHERE a.full_at <= %s RETURNING full_at"
)


class Attempt:
    """A try at something that could be guessed, under several limits at once.

    `begin` before what costs time, `settle` when it is known whether the try was right: only
    wrong ones are counted. Between the two, others may have used the limits up: then nobody is
    told whether the try was right, and a hundred tries at once tell no more than one by one.
    """

    def __init__(self, *uses: Use, now: datetime) -> None:
        self._uses, self._now = uses, now

    def begin(self) -> None:
        """Raise RateLimited while one of the limits is used up."""
        check(*self._uses, now=self._now)

    def settle(self, *, was_right: bool) -> None:
        """Count it, if it was wrong; raises RateLimited, and then it is not counted."""
        _take(self._uses, now=self._now, count=0 if was_right else 1)


def check(*uses: Use, now: datetime) -> None:
    """Raise RateLimited while one of these is used up."""
    if (free_at := _free_at(uses, now=now)) is not None:
        raise RateLimited(retry_at=free_at)


def take(*uses: Use, now: datetime) -> None:
    """Use each of them once, or none: raises RateLimited with the moment when all have one left."""
    _take(uses, now=now, count=1)


def is_taken(*uses: Use, now: datetime) -> bool:
    """The same, without a refusal: False when one of them is used up."""
    try:
        take(*uses, now=now)
    except RateLimited:
        return False
    return True


def give_back(use: Use, *, count: int) -> None:
    """So many uses were none."""
    limit, key = use
    send(
        Query(
            "UPDATE loyalty_allowance SET full_at = full_at - %s::interval WHERE what = %s",
            [limit.step * count, row_name(limit, key)],
        )
    )


def forget(use: Use) -> None:
    """All of it is free again."""
    send(Query("DELETE FROM loyalty_allowance WHERE what = %s", [row_name(*use)]))


def _take(uses: Sequence[Use], *, now: datetime, count: int) -> None:
    asked = [_taking(use, now=now, count=count) for use in uses]
    with transaction.atomic():
        # In the order given, which is the same for all: nobody waits in a circle.
        send(*asked)
        is_taken_by_all = all(each.rows for each in asked)
        if not is_taken_by_all:
            transaction.set_rollback(True)
    if not is_taken_by_all:
        # Read after the lock is gone; meanwhile one may have become free.
        again = min(limit.step for limit, _ in uses)
        raise RateLimited(retry_at=_free_at(uses, now=now) or now + again)


def _taking(use: Use, *, now: datetime, count: int) -> Query[datetime]:
    limit, key = use
    more = limit.step * count
    params = [row_name(limit, key), now + more, now, more, now + limit.most_used]
    return Query(_TAKE, params, row=lambda row: row[0])


def _free_at(uses: Sequence[Use], *, now: datetime) -> datetime | None:
    limits = {row_name(limit, key): limit for limit, key in uses}
    found: Query[tuple[str, datetime]] = Query(
        "SELECT what, full_at FROM loyalty_allowance WHERE what = ANY(%s)", [list(limits)]
    )
    send(found)
    free = [limits[what].free_at(full_at) for what, full_at in found.rows]
    late = [each for each in free if each > now]
    return max(late) if late else None


def row_name(limit: Limit, key: str) -> str:
    """What the row of this use is called; no word of the caller's is in it."""
    return f"{limit.name}:{tokens.digest(key).hex()[:40]}"
