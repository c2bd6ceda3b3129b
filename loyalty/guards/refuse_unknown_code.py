"""Answers a code that nobody knows."""

from typing import NoReturn

from loyalty.base.errors import CodeUnknown
from loyalty.db.roundtrip import database_now
from loyalty.guards.allowance import take
from loyalty.guards.limits import LOOK_UPS


def refuse_unknown_code(*, who: str) -> NoReturn:
    """Raise CodeUnknown; RateLimited beyond a hundred failed look-ups of one caller in 10 minutes.

    `who` is the person who is signed in (and where), or a stranger's address. Only failures are
    counted, and only their answer changes: what is right never gets here, whatever others behind
    one address have tried.
    """
    take((LOOK_UPS, who), now=database_now())
    raise CodeUnknown
