"""Many callers at the same moment, each on a connection of its own."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from tests.factories.operations import COLLECT
from tests.harness.servers import Client

_PATIENCE = 10


class Crowd:
    """Keeps one open connection for each client; `at_once` lets them all speak together."""

    def __init__(self, clients: Sequence[Client]) -> None:
        self.clients = clients
        self._lines = [HTTPConnection("127.0.0.1", each.server.port) for each in clients]
        self._pool = ThreadPoolExecutor(len(clients))
        self._start = threading.Barrier(len(clients))

    def at_once(self, query: str, body: Callable[[int], dict[str, Any]]) -> list[bytes]:
        """Every client sends its body at the same moment; the raw answers, in order."""
        return self.each([(query, body(number)) for number in range(len(self.clients))])

    def each(self, wanted: Sequence[tuple[str, dict[str, Any]]]) -> list[bytes]:
        """Every client sends its own query and body at the same moment."""
        calls = [self._pool.submit(self._one, n, *each) for n, each in enumerate(wanted)]
        return [call.result() for call in calls]

    def collect(self, token: str) -> list[bytes]:
        """Every client collects this one token at the same moment."""
        return self.at_once(COLLECT, lambda _: {"token": token})

    def close(self) -> None:
        """Hang up."""
        self._pool.shutdown()
        for line in self._lines:
            line.close()

    def _one(self, number: int, query: str, variables: dict[str, Any]) -> bytes:
        headers = {**self.clients[number].headers, "Content-Type": "application/json"}
        payload = json.dumps({"query": query, "variables": {"input": variables}})
        self._start.wait(timeout=30)
        for _ in range(_PATIENCE):
            answer, found = _post(self._lines[number], payload, headers)
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            # A hundred at one row may wait too long for it: they come again when they are told to.
            time.sleep(float(answer.headers["Retry-After"]))
        assert answer.status == HTTPStatus.OK, found
        return found


def _post(
    line: HTTPConnection, payload: str, headers: dict[str, str]
) -> tuple[HTTPResponse, bytes]:
    line.request("POST", "/graphql", payload, headers)
    answer = line.getresponse()
    return answer, answer.read()


def root(answer: bytes) -> dict[str, Any]:
    """The one root field of an answer."""
    (value,) = json.loads(answer)["data"].values()
    found: dict[str, Any] = value
    return found
