"""Ids of rows that are appended: they grow with time, and nobody guesses the next one."""

import secrets
from datetime import datetime

from loyalty.base import tokens


def new_id(now: datetime) -> int:
    """An id for a row that is appended now."""
    return tokens.ordered_id(now, random=secrets.randbits(tokens.RANDOM_BITS))


def new_ids(now: datetime, count: int) -> list[int]:
    """Ids for rows of one table that are appended together."""
    return tokens.ordered_ids(now, count, random=secrets.randbits(tokens.RANDOM_BITS))
