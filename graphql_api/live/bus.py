"""Brings news from Postgres' LISTEN to the subscribers of this process.

One connection a process; (schema, topic) leads to bounded queues, so that news of one business
never reaches another's subscribers. RESYNC says: news may have been missed, read again.
"""

import asyncio
import json
import logging
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from django.db import connection

from loyalty.db.announce import CHANNEL

log = logging.getLogger(__name__)
News = Mapping[str, Any]
RESYNC: News = {"resync": True}
_QUEUE = 64
_PROBE_SECONDS = 20.0
_LONGEST_PAUSE = 5.0


class Bus:
    """The listener of one event loop."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = dict(parameters)
        self._topics: dict[tuple[str, str], set[asyncio.Queue[News]]] = defaultdict(set)
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def subscribed(self, schema: str, topic: str) -> AsyncIterator[asyncio.Queue[News]]:
        """A queue of the topic's news from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="live-bus")
        await self._listening.wait()
        news: asyncio.Queue[News] = asyncio.Queue(_QUEUE)
        self._topics[schema, topic].add(news)
        try:
            yield news
        finally:
            listeners = self._topics[schema, topic]
            listeners.discard(news)
            if not listeners:
                del self._topics[schema, topic]

    async def _run(self) -> None:
        pause = 0.1
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                self._listening.clear()
                log.warning("Live news are interrupted: %s", type(error).__name__)
                await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  jitter
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            **self._parameters, autocommit=True
        ) as listener:
            await listener.execute(f"LISTEN {CHANNEL}")
            self._listening.set()
            # What was told while nobody listened is lost: everybody reads again.
            self._resync()
            while True:
                async for notice in listener.notifies(timeout=_PROBE_SECONDS):
                    self._read(notice.payload)
                # A link that died silently shows when it is used.
                await listener.execute("SELECT 1")

    def _read(self, payload: str) -> None:
        try:
            for message in json.loads(payload):
                self._deliver(message)
        except (ValueError, KeyError, TypeError):
            # Anybody who may connect may notify; what is not ours must not stop the news.
            log.warning("A notice on the live channel could not be read")

    def _deliver(self, message: Mapping[str, Any]) -> None:
        for news in self._topics.get((message["schema"], message["topic"]), ()):
            _put(news, message["news"])

    def _resync(self) -> None:
        for listeners in self._topics.values():
            for news in listeners:
                _put(news, RESYNC)


def _put(news: asyncio.Queue[News], item: News) -> None:
    if news.full():
        # A slow reader gets one "read again" instead of everything it missed.
        while not news.empty():
            news.get_nowait()
        item = RESYNC
    news.put_nowait(item)


_buses: dict[asyncio.AbstractEventLoop, Bus] = {}


def bus() -> Bus:
    """The bus of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _buses:
        wanted = ("dbname", "user", "password", "host", "port")
        parameters = connection.get_connection_params()
        _buses[loop] = Bus({k: v for k, v in parameters.items() if k in wanted and v})
    return _buses[loop]
