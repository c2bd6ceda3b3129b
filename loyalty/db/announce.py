"""Tells live subscribers in every server process what was committed.

One thread a process sends NOTIFY after the commit, in batches: inside the transaction it would
make commits queue up (decision 0005). What is lost here costs a subscriber a moment, never a unit:
it reads again when its session ends and at every interval.
"""

import json
import os
import queue
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from django.db import connection

CHANNEL = "plusone_live"
_LARGEST_PAYLOAD = 7_900  # Postgres refuses 8,000 bytes
_WAITING_AT_MOST = 10_000


class _Notifier:
    """A queue and the thread that empties it."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.pid = os.getpid()
        self._parameters = dict(parameters)
        self._news: queue.Queue[str] = queue.Queue(_WAITING_AT_MOST)
        self._connection: psycopg.Connection[Any] | None = None
        threading.Thread(target=self._run, name="announce", daemon=True).start()

    def tell(self, news: str) -> None:
        try:
            self._news.put_nowait(news)
        except queue.Full:
            # The database has been away for long; subscribers read again when it is back.
            return

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            waiting = [self._news.get()]
            while not self._news.empty():
                waiting.append(self._news.get())
            for payload in packed(waiting):
                while not self._sent(payload):
                    pause.wait(0.5)

    def _sent(self, payload: str) -> bool:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(**self._parameters, autocommit=True)
            self._connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
        except psycopg.Error:
            if self._connection is not None:
                self._connection.close()
            return False
        return True


_notifier: _Notifier | None = None
_making = threading.Lock()


def announce(topic: str, news: Mapping[str, object]) -> None:
    """Tell the business's subscribers of `topic`; call it after the commit."""
    message = json.dumps(
        {"schema": connection.schema_name, "topic": topic, "news": news},  # type: ignore[attr-defined]  # our backend's
        separators=(",", ":"),
    )
    _this_process().tell(message)


def packed(messages: list[str]) -> Iterator[str]:
    """The messages as JSON lists, each small enough for one NOTIFY."""
    batch: list[str] = []
    size = 2
    for message in messages:
        length = len(message.encode()) + 1
        if batch and size + length > _LARGEST_PAYLOAD:
            yield f"[{','.join(batch)}]"
            batch, size = [], 2
        batch.append(message)
        size += length
    yield f"[{','.join(batch)}]"


def _this_process() -> _Notifier:
    global _notifier  # noqa: PLW0603  one for each process, made when first needed
    if _notifier is None or _notifier.pid != os.getpid():
        with _making:
            if _notifier is None or _notifier.pid != os.getpid():
                parameters = connection.get_connection_params()
                wanted = ("dbname", "user", "password", "host", "port")
                _notifier = _Notifier({k: v for k, v in parameters.items() if k in wanted and v})
    return _notifier
