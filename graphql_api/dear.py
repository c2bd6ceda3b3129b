"""One dear document of a business at once in a process: together they would hold Python itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from graphql_api.spending import out_of_time
from loyalty.db import deadline
from tenants import context

# What is reckoned at more rows than this takes Python for a tenth of a second or longer.
DEAR = 1_000
_LONGEST = 5.0
_locks: dict[str, Lock] = {}


@contextmanager
def one_at_once(rows: int) -> Iterator[None]:
    """Run the block when no other dear one of the active business runs; raises TIMEOUT."""
    running = deadline.running()
    if rows <= DEAR or running is None:
        yield
        return
    lock = _locks.setdefault(context.required_schema(), Lock())
    if not lock.acquire(timeout=max(0.0, min(running.seconds_left, _LONGEST))):
        raise out_of_time()
    try:
        yield
    finally:
        lock.release()
