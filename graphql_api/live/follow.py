"""A snapshot of now, then a fresh one at each news, with rights checked again every time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Generic, NamedTuple, TypeVar

from graphql_api import technical
from graphql_api.errors import PublicError
from graphql_api.live.bus import News, bus
from graphql_api.live.read import read
from tenants import context
from tenants.fair_threads import TooBusyError

T = TypeVar("T")
# Rights that were taken away end a stream within this time, and lost news are made up for.
READ_ANEW_SECONDS = 30.0


class Seen(NamedTuple, Generic[T]):
    """What a subscriber is shown; the same `mark` means: nothing new.

    `changes_in` says in how many seconds it changes by itself (None: never).
    """

    value: T
    mark: object
    changes_in: float | None = None


async def follow(topic: str, *, snapshot: Callable[[], Seen[T]]) -> AsyncIterator[T]:
    """Yield the snapshot, and a new one whenever it says something new.

    `snapshot` runs in a thread and raises when the caller may not see the thing (any more): news
    only say that there is something to read, so nobody hears what they may not read.
    """
    async with bus().subscribed(context.required_schema(), topic) as news:
        seen = await _read(snapshot)
        yield seen.value
        while True:
            await _next(news, seen.changes_in)
            fresh = await _read(snapshot)
            is_new = fresh.mark != seen.mark
            seen = fresh
            if is_new:
                yield fresh.value


async def _read(snapshot: Callable[[], Seen[T]]) -> Seen[T]:
    try:
        return await read(snapshot)
    except TooBusyError:
        raise PublicError("UNAVAILABLE", technical.BUSY) from None


async def _next(news: asyncio.Queue[News], changes_in: float | None) -> None:
    wait = READ_ANEW_SECONDS if changes_in is None else min(changes_in, READ_ANEW_SECONDS)
    try:
        await asyncio.wait_for(news.get(), timeout=wait)
    except TimeoutError:
        return
