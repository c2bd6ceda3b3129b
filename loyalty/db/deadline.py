"""How long the running request may still take, and whether anybody waits for its answer.

It is asked before each statement and each read: what was written so far is taken back with its
transaction, so that nothing stays half written.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Any

from django.db import connection

# What ends a piece of a transaction is never refused.
_ENDINGS = ("ROLLBACK", "RELEASE", "SET ")


class TimeIsUpError(Exception):
    """The request has used up its time, or its caller is gone."""


class Deadline:
    """A moment on the process's own clock; shared by all threads that work for one request."""

    __slots__ = ("_ends_at", "_is_abandoned", "was_missed")

    def __init__(self, seconds: float = inf) -> None:
        self._ends_at = time.monotonic() + seconds
        self._is_abandoned = False
        # True once somebody was told that it is over.
        self.was_missed = False

    @property
    def seconds_left(self) -> float:
        """How long until then; infinite where nobody has said."""
        return self._ends_at - time.monotonic()

    def shorten(self, seconds: float) -> None:
        """Leave at most so many seconds from now."""
        self._ends_at = min(self._ends_at, time.monotonic() + seconds)

    def abandon(self) -> None:
        """End it now: nobody waits for the answer any more."""
        self._is_abandoned = True

    def check(self) -> None:
        """Raise TimeIsUpError when it is over."""
        if self._is_abandoned or time.monotonic() >= self._ends_at:
            self.was_missed = True
            raise TimeIsUpError


_running: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def running() -> Deadline | None:
    """The deadline of the running request; None for jobs and commands, which have none."""
    return _running.get()


def check() -> None:
    """Raise TimeIsUpError when the running request's time is over."""
    found = _running.get()
    if found is not None:
        found.check()


@contextmanager
def known(deadline: Deadline) -> Iterator[None]:
    """Let whatever runs in the block find this deadline; nothing is checked by that alone."""
    token = _running.set(deadline)
    try:
        yield
    finally:
        _running.reset(token)


@contextmanager
def within(deadline: Deadline) -> Iterator[Deadline]:
    """Run the block before this deadline; it is checked before each statement of this thread."""
    with known(deadline), connection.execute_wrapper(_checked):
        yield deadline


def _checked(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    if not str(sql).startswith(_ENDINGS):
        check()
    return execute(sql, *rest)
