"""The one way from the event loop to the database: a few threads with connections of their own."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections

from loyalty.db import deadline
from loyalty.db.deadline import Deadline
from tenants import context
from tenants.fair_threads import FairThreads

T = TypeVar("T")
# Businesses take turns; one alone never has all of them. Only who is signed in gets here.
_READS = FairThreads("live-read", threads=4, at_once=3, waiting=1_000)
# Who somebody is, and which business a host belongs to, is asked here: addresses take turns.
_CALLERS = FairThreads("live-caller", threads=2, at_once=1, waiting=100)
_turn: contextvars.ContextVar[asyncio.Lock | None] = contextvars.ContextVar("turn", default=None)


async def read(work: Callable[[], T]) -> T:
    """Run `work` in a thread, inside the business of the calling task.

    One read of a connection at a time; raises TooBusyError when too many of its business wait.
    """
    async with _one_at_a_time():
        return await _in_thread(_READS, work, group=context.current_schema() or "")


async def look_up(work: Callable[[], T], *, address: str) -> T:
    """The same for what is asked of callers whom nobody knows yet."""
    return await _in_thread(_CALLERS, work, group=address)


def begin_connection() -> None:
    """What the calling task and its children read from now on belongs to one connection."""
    _turn.set(asyncio.Lock())


@asynccontextmanager
async def _one_at_a_time() -> AsyncIterator[None]:
    turn = _turn.get()
    if turn is None:
        yield
        return
    async with turn:
        yield


async def _in_thread(threads: FairThreads, work: Callable[[], T], *, group: str) -> T:
    # The copied context carries the business; the thread itself never has one.
    inside = contextvars.copy_context()
    found = threads.submit(partial(inside.run, _closing, work), group=group)
    return await asyncio.wrap_future(found)


def _closing(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        with deadline.within(Deadline(settings.REQUEST_SECONDS)):
            return work()
    finally:
        close_old_connections()
