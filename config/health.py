"""/healthz and /readyz on the event loop: they answer while every thread is busy."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tenants import health

PATIENCE = 5.0
# Whoever asks within this time hears what the last one heard.
_FRESH = 1.0


class Health:
    """One look at the database at a time, on a thread that does nothing else."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._look: asyncio.Future[dict[str, bool]] | None = None
        self._looked_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; 503 also when the database says nothing for five seconds."""
        told = {"ok": True} if scope["path"] == health.ALIVE else await self._ready()
        headers = {"Cache-Control": "no-store"}
        answer = JSONResponse(told, health.status_of(told), headers)
        await answer(scope, receive, send)

    async def _ready(self) -> dict[str, bool]:
        loop = asyncio.get_running_loop()
        is_old = loop.time() - self._looked_at > _FRESH
        if self._look is None or (self._look.done() and is_old):
            self._looked_at = loop.time()
            self._look = loop.run_in_executor(self._thread, _look)
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(self._look)
        except TimeoutError:
            return {"ok": False, "in_time": False}


def _look() -> dict[str, bool]:
    close_old_connections()
    try:
        return health.ready()
    finally:
        close_old_connections()
