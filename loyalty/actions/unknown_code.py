"""Answers a code that nobody knows."""

from datetime import timedelta
from typing import NoReturn

from loyalty.actions.tally import tally
from loyalty.errors import CodeUnknown, RateLimited
from loyalty.trip import clock, trip

LOOK_UPS = 100
WINDOW = timedelta(minutes=10)


def unknown_code(*, address: str) -> NoReturn:
    """Raise CodeUnknown; RateLimited from the 101st failed look-up of an address in 10 minutes.

    Only failures are counted: sixty phones behind one address that show live codes never get here.
    """
    now = clock()
    trip(now)
    count, ends = tally(f"look-up:{address}", every=WINDOW, now=now.only)
    if count > LOOK_UPS:
        raise RateLimited(retry_at=ends)
    raise CodeUnknown
