"""Each business's share of the threads where a request already has one: the plain WSGI server.

There, nobody can wait without holding a thread. Who comes while the share is used up is served all
the same, but for half a second at most: a tap at the counter takes a fiftieth of that.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from config.turns import A_PERSON, Caller, share
from loyalty.db import deadline
from loyalty.db.deadline import Deadline

SECONDS_BEYOND = 0.5


class Shares:
    """Who has how many of one process's threads."""

    def __init__(self, threads: int) -> None:
        self._threads, self._lock = threads, Lock()
        self._running: Counter[str] = Counter()
        self._of_person: Counter[Caller] = Counter()

    @contextmanager
    def held(self, caller: Caller) -> Iterator[Deadline]:
        """The deadline for the block; a short one for anybody who has their share already."""
        found = Deadline()
        with self._lock:
            if self._is_used_up(caller):
                found.shorten(SECONDS_BEYOND)
            self._running[caller.business] += 1
            self._of_person[caller] += 1
        try:
            with deadline.known(found):
                yield found
        finally:
            with self._lock:
                # Adding nothing drops what is zero.
                self._running[caller.business] -= 1
                self._of_person[caller] -= 1
                self._running, self._of_person = +self._running, +self._of_person

    def _is_used_up(self, caller: Caller) -> bool:
        mine = self._running[caller.business]
        free = self._threads - (self._running.total() - mine)
        return mine >= share(free) or self._of_person[caller] >= A_PERSON
