"""Pieces of work of alpha's that begin at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tenants import context
from tests.factories.people import ALPHA
from tests.harness.threads import closing

Work = Callable[[], object]


def at_once(works: Sequence[Work]) -> None:
    """Run all of them together; raises what the first of them raised."""
    start = threading.Barrier(len(works))

    def one(work: Work) -> None:
        with context.business(ALPHA):
            start.wait(10)
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(closing, lambda w=work: one(w)) for work in works]:
            done.result()
