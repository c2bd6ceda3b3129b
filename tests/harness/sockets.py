"""A graphql-transport-ws client for tests."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import create_connection
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.harness.servers import Client


@dataclass
class Stream:
    """One subscription on one socket."""

    socket: ClientConnection

    def next(self, *, timeout: float = 10) -> dict[str, Any]:
        """The next message's one root field, or its errors."""
        deadline = time.monotonic() + timeout
        while True:
            message = json.loads(self.socket.recv(timeout=deadline - time.monotonic()))
            if message["type"] == "next":
                payload = message["payload"]
                if payload.get("errors"):
                    return {"errors": payload["errors"]}
                (value,) = payload["data"].values()
                found: dict[str, Any] = value
                return found
            if message["type"] == "error":
                return {"errors": message["payload"]}


@contextmanager
def socket(client: Client) -> Iterator[ClientConnection]:
    """An initialised socket, signed in with the client's token."""
    host = client.headers["Host"]
    port = client.server.port
    with connect(
        f"ws://{host}/graphql/ws",
        sock=_connected(port),
        subprotocols=[Subprotocol("graphql-transport-ws")],
    ) as found:
        payload = {"authorization": f"Bearer {client.token}"} if client.token else {}
        found.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(found.recv(timeout=10))["type"] == "connection_ack"
        yield found


@contextmanager
def subscribed(client: Client, query: str, **variables: Any) -> Iterator[Stream]:
    """A running subscription."""
    with socket(client) as found:
        body = {"query": query, "variables": variables}
        found.send(json.dumps({"id": "1", "type": "subscribe", "payload": body}))
        yield Stream(found)


def _connected(port: int) -> Any:

    return create_connection(("127.0.0.1", port))
