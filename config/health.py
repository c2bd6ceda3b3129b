"""/healthz and /readyz on the event loop: they answer while every thread is busy."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import close_old_connections
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tenants import health

PATIENCE = 5.0
# Anybody who asks within this time hears what the last one heard.
_FRESH = 1.0


class _Look:
    """One look at a time, on a thread that does nothing else, shared by all who ask meanwhile."""

    def __init__(self, work: Callable[[], health.Told]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._last: asyncio.Future[health.Told] | None = None
        self._begun_at = 0.0

    async def told(self, *, in_vain: health.Told) -> health.Told:
        """What was seen; `in_vain` when that takes longer than five seconds."""
        loop = asyncio.get_running_loop()
        is_old = loop.time() - self._begun_at > _FRESH
        if self._last is None or (self._last.done() and is_old):
            self._begun_at = loop.time()
            self._last = loop.run_in_executor(self._thread, partial(_closing, self._work))
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(self._last)
        except TimeoutError:
            return in_vain


class Health:
    """Whether this process is well; servers of businesses are told and leave `ok` as it is."""

    def __init__(self) -> None:
        self._parts = _Look(health.parts_told)
        self._servers = _Look(health.servers_told)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; 503 also when the database says nothing for five seconds."""
        told = {"ok": True} if scope["path"] == health.ALIVE else await self._ready()
        headers = {"Cache-Control": "no-store"}
        answer = JSONResponse(told, health.status_of(told), headers)
        await answer(scope, receive, send)

    async def _ready(self) -> health.Told:
        parts, servers = await asyncio.gather(
            self._parts.told(in_vain={"ok": False, "in_time": False}),
            self._servers.told(in_vain={"servers": False}),
        )
        return {**parts, **servers}


def _closing(work: Callable[[], health.Told]) -> health.Told:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
