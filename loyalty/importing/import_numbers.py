"""The ids and the randomness of an import, drawn for many rows at once."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import count

from loyalty.base import tokens

# Ids of one import grow by so many a millisecond.
_IDS_A_MS = 1_000
_AT_ONCE = 1_000
_CARD_ID_BYTES = 8


def growing_ids(now: datetime, *, after: int) -> Iterator[int]:
    """Ids of appended rows from this moment on, each higher than those before and than `after`.

    Nothing else of the import's customers is written before it ends, later than any of them.
    """
    width = 2**tokens.RANDOM_BITS // _IDS_A_MS
    start = secrets.randbelow(width)
    first = max(tokens.ordered_id(now, random=0), after + 2**tokens.RANDOM_BITS)
    for moment in count(first >> tokens.RANDOM_BITS):
        lowest = moment << tokens.RANDOM_BITS | start
        yield from range(lowest, lowest + _IDS_A_MS * width, width)


def random_ids() -> Iterator[int]:
    """Ids of 62 random bits."""
    for drawn in random_bytes(_CARD_ID_BYTES):
        yield int.from_bytes(drawn) >> 2


def random_bytes(size: int) -> Iterator[bytes]:
    """Pieces of so many bytes from a secure source.

    Asking it for each row gives the interpreter away each time, to the thread that writes.
    """
    while True:
        block = secrets.token_bytes(size * _AT_ONCE)
        for start in range(0, len(block), size):
            yield block[start : start + size]
