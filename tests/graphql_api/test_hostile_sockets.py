"""Hostile frames: closed with the right code, without a trace in the log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_connection
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from graphql_api.live.socket import INIT_SECONDS
from loyalty.values import Role
from tests import databases, people
from tests.operations import ME, SESSION_STATUS
from tests.selling import mint
from tests.servers import Client, Servers

pytestmark = pytest.mark.xdist_group("servers")
CANARY = "CaNaRy"


@contextmanager
def _opened(
    servers: Servers, path: str = "/graphql/ws", protocol: str = "graphql-transport-ws"
) -> Iterator[ClientConnection]:
    port = servers.web[0].port
    address = f"ws://alpha.localhost:{port}{path}"
    line = create_connection(("127.0.0.1", port))
    with connect(address, sock=line, subprotocols=[Subprotocol(protocol)]) as socket:
        yield socket


@contextmanager
def _ready(servers: Servers, token: str | None = None) -> Iterator[ClientConnection]:
    with _opened(servers) as socket:
        payload = {"authorization": f"Bearer {token}"} if token else {}
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(socket.recv(timeout=10))["type"] == "connection_ack"
        yield socket


def _code(socket: ClientConnection, *, within: float = 10) -> int:
    with pytest.raises(ConnectionClosed) as caught:
        socket.recv(timeout=within)
    assert caught.value.rcvd
    return int(caught.value.rcvd.code)


def _subscribe(query: object = SESSION_STATUS, **parts: Any) -> str:
    payload = {"query": query, "variables": {"id": "x"}, **parts}
    return json.dumps({"type": "subscribe", "id": "1", "payload": payload})


FRAMES: dict[str, tuple[str | bytes, int]] = {
    "no JSON": ("{ CaNaRy", 4400),
    "null": ("null", 4400),
    "a number": ("1", 4400),
    "a text": ('"CaNaRy"', 4400),
    "a list": ("[]", 4400),
    "20,000 arrays": ("[" * 20_000, 4400),
    "5,000 digits": ("9" * 5_000, 4400),
    "bytes": (b"\xff\xfe", 4400),
    "an unknown type": ('{"type":"CaNaRy"}', 4400),
    "a type that is a list": ('{"type":[]}', 4400),
    "no type": ("{}", 4400),
    "an id that is a list": ('{"type":"subscribe","id":[],"payload":{"query":"{ me }"}}', 4400),
    "no payload": ('{"type":"subscribe","id":"1"}', 4400),
    "a payload that is a text": ('{"type":"subscribe","id":"1","payload":"CaNaRy"}', 4400),
    "a query that is a number": (_subscribe(5), 4400),
    "a query that is nothing": (_subscribe(None), 4400),
    "variables that are a text": (_subscribe(variables=CANARY), 4400),
    "an unknown operation": (_subscribe(operationName=CANARY), 4400),
    "a long unknown operation": (_subscribe(operationName="x" * 200), 4400),
    "an operation's name that is a list": (_subscribe(operationName=[1]), 4400),
    "a document that never ends": (_subscribe("subscription { CaNaRy"), 4400),
    "too many tokens": (_subscribe("subscription {" + " a" * 1_200 + " }"), 4400),
    "a long document": (_subscribe("{ a }" + " " * 30_000), 4400),
    "an initialisation again": ('{"type":"connection_init"}', 4429),
    "64 kB and one byte": ("x" * (64 * 1024 + 1), 1009),
    "1 MB": ("x" * 1_000_000, 1009),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames(servers: Servers, name: str) -> None:
    before = len(servers.log())
    frame, code = FRAMES[name]
    with _ready(servers) as socket:
        socket.send(frame)
        assert _code(socket) == code
    told = servers.log()[before:]
    assert CANARY not in told
    assert "Traceback" not in told
    assert len(told) <= 2_000


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (_subscribe(), 4401),
        ('{"type":"connection_init","payload":[]}', 4400),
        ('{"type":"connection_init","payload":{"authorization":"Bearer x"}}', 4403),
        ('{"type":"connection_init","payload":{"authorization":"Bearer \\ud800"}}', 4403),
        ('{"type":"connection_init","payload":{"authorization":"CaNaRy"}}', 4403),
    ],
)
def test_before_a_socket_is_ready(servers: Servers, frame: str, code: int) -> None:
    with _opened(servers) as socket:
        socket.send(frame)
        assert _code(socket) == code


def test_a_silent_socket_is_closed(servers: Servers) -> None:
    with _opened(servers) as socket:
        assert _code(socket, within=INIT_SECONDS + 5) == 4408


def test_unknown_paths_and_protocols(servers: Servers) -> None:
    for path in ("/", "/graphql", "/graphql/ws/", "/nowhere"):
        with pytest.raises(InvalidStatus) as caught, _opened(servers, path):
            pytest.fail(f"{path} was opened")
        assert caught.value.response.status_code == 403
    with _opened(servers, protocol="graphql-ws") as socket:
        assert _code(socket) == 4406


@pytest.mark.parametrize("query", [ME, "mutation { signOut }", "subscription { __schema { a } }"])
def test_only_subscriptions_run(servers: Servers, query: str) -> None:
    with _ready(servers) as socket:
        socket.send(_subscribe(query, variables={}))
        message = json.loads(socket.recv(timeout=10))
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"]["code"] in {"LIMIT_EXCEEDED", "FORBIDDEN"}


def test_the_eleventh_subscription(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        staff, where = people.staff(Role.STAFF), people.place()
    session = mint(Client(servers.web[0], "alpha", staff.token), where)
    body = {"query": SESSION_STATUS, "variables": {"id": session["id"]}}
    with _ready(servers, staff.token) as socket:
        for number in range(11):
            message = {"type": "subscribe", "id": str(number), "payload": body}
            socket.send(json.dumps(message))
        kinds = sorted(json.loads(socket.recv(timeout=10))["type"] for _ in range(11))
    assert kinds == ["error"] + ["next"] * 10
