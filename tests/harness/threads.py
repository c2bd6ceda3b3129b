"""Work on other threads, whose database connections are closed behind it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, connections

from tenants import context

T = TypeVar("T")


def closing(work: Callable[[], T]) -> T:
    """Run and close this thread's connections."""
    try:
        return work()
    finally:
        connections.close_all()


def in_thread(work: Callable[[], T]) -> T:
    """Run on a plain new thread, which copies no context."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing, work).result()


def reported_path() -> str:
    """The search path that the database server says this connection has (Postgres 18)."""
    assert connection.connection is not None
    found = connection.connection.info.parameter_status("search_path")
    assert found is not None, "The server does not report its search path."
    return str(found).replace('"', "").replace(" ", "")


def at_once(count: int, work: Callable[[], T], *, schema: str = "alpha") -> list[T]:
    """What so many threads get that all begin at the same moment, for this business."""
    start = threading.Barrier(count)

    def one() -> T:
        with context.business(schema):
            start.wait(timeout=30)
            return work()

    with ThreadPoolExecutor(count) as pool:
        return [call.result() for call in [pool.submit(closing, one) for _ in range(count)]]
