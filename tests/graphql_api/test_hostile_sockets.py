"""Hostile frames: closed with the right code, without a trace in the log."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from socket import create_connection
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from graphql_api.live.app import INIT_SECONDS, SOCKETS_A_PERSON
from graphql_api.live.closes import Close
from graphql_api.live.socket import MESSAGES_AT_ONCE
from loyalty.base.values import Role
from tests.factories import people
from tests.factories.operations import ME, SESSION_STATUS
from tests.factories.selling import mint
from tests.harness import databases
from tests.harness.servers import Client, Servers

pytestmark = pytest.mark.xdist_group("servers")
UNKNOWN = "UNAUTHENTICATED (unknown_token): This token is not valid here. Sign in again."
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


@pytest.fixture(scope="module")
def token(servers: Servers) -> str:
    """A staff member's: strangers are not served at all."""
    with databases.connected_to(servers.database_name):
        return people.staff(Role.STAFF).token


@contextmanager
def _ready(
    servers: Servers, token: str, *, key: str = "authorization"
) -> Iterator[ClientConnection]:
    with _opened(servers) as socket:
        payload = {key: f"Bearer {token}"}
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(socket.recv(timeout=10))["type"] == "connection_ack"
        yield socket


def _closed(socket: ClientConnection, *, within: float = 10) -> tuple[int, str]:
    """The code and the reason, after whatever else came before them."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=within)
    assert socket.close_code is not None
    return int(socket.close_code), str(socket.close_reason)


def _code(socket: ClientConnection, *, within: float = 10) -> int:
    return _closed(socket, within=within)[0]


def _init(sent: object) -> str:
    return json.dumps({"type": "connection_init", "payload": {"authorization": sent}})


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
    "an initialisation again": ('{"type":"connection_init"}', 4429),
    "64 kB and one byte": ("x" * (64 * 1024 + 1), 1009),
    "1 MB": ("x" * 1_000_000, 1009),
}


# One operation's mistakes: answered under its id.
OPERATIONS: dict[str, tuple[str, str]] = {
    "variables that are a text": (_subscribe(variables=CANARY), "BAD_REQUEST"),
    "an unknown operation": (_subscribe(operationName=CANARY), "OPERATION_RESOLUTION_FAILURE"),
    "a long unknown operation": (
        _subscribe(operationName="x" * 200),
        "OPERATION_RESOLUTION_FAILURE",
    ),
    "an operation's name that is a list": (_subscribe(operationName=[1]), "BAD_REQUEST"),
    "a document that never ends": (_subscribe("subscription { CaNaRy"), "GRAPHQL_PARSE_FAILED"),
    "too many tokens": (
        _subscribe("subscription {" + " a" * 1_200 + " }"),
        "GRAPHQL_PARSE_FAILED",
    ),
    "a long document": (_subscribe("{ a }" + " " * 30_000), "BAD_REQUEST"),
    "an unknown field": (_subscribe("subscription { CaNaRy }"), "GRAPHQL_VALIDATION_FAILED"),
    "a query": (_subscribe(ME, variables={}), "LIMIT_EXCEEDED"),
    "a mutation": (_subscribe("mutation { signOut }", variables={}), "LIMIT_EXCEEDED"),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames(servers: Servers, token: str, name: str) -> None:
    before = len(servers.log())
    frame, code = FRAMES[name]
    with _ready(servers, token) as socket:
        socket.send(frame)
        assert _code(socket) == code
    _nothing_is_told(servers.log()[before:])


def _nothing_is_told(log: str) -> None:
    assert CANARY not in log
    assert "Traceback" not in log
    assert len(log) <= 2_000


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_broken_operation_is_answered_and_healthy_ones_go_on(
    servers: Servers, token: str, name: str
) -> None:
    before = len(servers.log())
    frame, code = OPERATIONS[name]
    with _ready(servers, token) as socket:
        socket.send(_healthy(servers, token))
        assert json.loads(socket.recv(timeout=10))["type"] == "next"
        socket.send(frame)
        answer = json.loads(socket.recv(timeout=10))
        assert (answer["type"], answer["id"]) == ("error", "1")
        assert [error["extensions"]["code"] for error in answer["payload"]] == [code]
        # The healthy one is there still, and so is the socket.
        socket.send(_healthy(servers, token))
        assert _closed(socket) == (4409, "Subscriber for healthy already exists")
    _nothing_is_told(servers.log()[before:])


def _healthy(servers: Servers, token: str) -> str:
    with databases.connected_to(servers.database_name):
        where = people.place()
    session = mint(Client(servers.web[0], "alpha", token), where)
    payload = {"query": SESSION_STATUS, "variables": {"id": session["id"]}}
    return json.dumps({"type": "subscribe", "id": "healthy", "payload": payload})


@pytest.mark.parametrize(
    ("frame", "code", "reason"),
    [
        (_subscribe(), 4401, "Unauthorized"),
        ('{"type":"connection_init","payload":[]}', 4400, "Invalid connection init payload"),
        ('{"type":"connection_init"}', 4401, Close.UNAUTHENTICATED.reason),
        ('{"type":"connection_init","payload":{"token":"x"}}', 4401, Close.UNAUTHENTICATED.reason),
        (_init("Bearer x"), 4401, UNKNOWN),
        (_init("Bearer \ud800"), 4401, UNKNOWN),
        (
            _init("Bearer "),
            4401,
            "UNAUTHENTICATED (no_bearer): The authorization must be the text: Bearer TOKEN.",
        ),
        (_init("CaNaRy"), 4401, Close.NO_BEARER.reason),
        (_init(["Bearer x"]), 4401, Close.NO_BEARER.reason),
        (_init(None), 4401, Close.NO_BEARER.reason),
    ],
)
def test_before_a_socket_is_ready(servers: Servers, frame: str, code: int, reason: str) -> None:
    before = len(servers.log())
    with _opened(servers) as socket:
        socket.send(frame)
        assert _closed(socket) == (code, reason)
    _nothing_is_told(servers.log()[before:])


@pytest.mark.parametrize("key", ["authorization", "Authorization", "AUTHORIZATION"])
def test_both_spellings_sign_in(servers: Servers, token: str, key: str) -> None:
    with _ready(servers, token, key=key) as socket:
        socket.send('{"type":"ping"}')
        assert json.loads(socket.recv(timeout=10)) == {"type": "pong"}


def test_a_token_that_is_over_says_why(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        over = people.staff(Role.STAFF).token
    assert Client(servers.web[0], "alpha", over).ask("mutation { signOut }") is not None
    with _opened(servers) as socket:
        socket.send(_init(f"Bearer {over}"))
        assert _closed(socket) == (
            4401,
            "UNAUTHENTICATED (signed_out): You were signed out. Sign in again.",
        )


def test_a_silent_socket_is_closed(servers: Servers) -> None:
    with _opened(servers) as socket:
        assert _code(socket, within=INIT_SECONDS + 5) == 4408


def test_pings_keep_no_socket_open_that_nobody_knows(servers: Servers) -> None:
    with _opened(servers) as socket:
        started = time.monotonic()
        with suppress(ConnectionClosed):
            while time.monotonic() - started < INIT_SECONDS + 5:
                socket.send('{"type":"ping"}')
                assert json.loads(socket.recv(timeout=10)) == {"type": "pong"}
                time.sleep(0.5)
        assert _code(socket) == 4408


def test_a_flood_of_messages_ends_the_socket(servers: Servers, token: str) -> None:
    before = len(servers.log())
    with _ready(servers, token) as socket, suppress(ConnectionClosed):
        for _ in range(10 * MESSAGES_AT_ONCE):
            socket.send('{"type":"ping"}')
        assert _closed(socket) == (4429, Close.TOO_MANY_MESSAGES.reason)
    _nothing_is_told(servers.log()[before:])


def test_the_twenty_first_socket_of_a_person_hears_what_is_wrong(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        # By two tokens: sockets are a person's.
        person, staff = people.customer("sockets@alpha.example"), people.staff(Role.STAFF)
        again = people.customer("sockets@alpha.example")
    assert person.token != again.token
    with ExitStack() as held:
        for token in [person.token, again.token] * (SOCKETS_A_PERSON // 2):
            held.enter_context(_ready(servers, token))
        for token in (person.token, again.token):
            with _opened(servers) as socket:
                socket.send(_init(f"Bearer {token}"))
                assert _closed(socket) == (4429, Close.TOO_MANY_SOCKETS.reason)
            stream = _stream(servers, token)
            assert (stream.status_code, stream.json()["errors"][0]["extensions"]["code"]) == (
                429,
                "LIMIT_EXCEEDED",
            )
        with _ready(servers, staff.token):
            pass
    # A place that was left is free again.
    with _ready(servers, person.token):
        pass


def _stream(servers: Servers, token: str | None) -> httpx.Response:
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    server = servers.web[0]
    return httpx.post(
        f"http://{server.address}/graphql/stream",
        headers={"Host": f"alpha.localhost:{server.port}", "Accept": "text/event-stream", **bearer},
        json={"query": SESSION_STATUS, "variables": {"id": "x"}},
        timeout=30,
    )


def test_a_stream_needs_a_good_token_too(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        over = people.staff(Role.STAFF).token
    assert Client(servers.web[0], "alpha", over).ask("mutation { signOut }") is not None
    said = {
        None: ("Sign in first.", None),
        "x": ("This token is not valid here. Sign in again.", "unknown_token"),
        over: ("You were signed out. Sign in again.", "signed_out"),
    }
    for token, (message, reason) in said.items():
        answer = _stream(servers, token)
        assert answer.status_code == 401
        why = {"reason": reason} if reason else {}
        error = {"message": message, "extensions": {"code": "UNAUTHENTICATED", **why}}
        assert answer.json() == {"errors": [error]}


def test_unknown_paths_and_protocols(servers: Servers) -> None:
    for path in ("/", "/graphql", "/graphql/ws/", "/nowhere"):
        with pytest.raises(InvalidStatus) as caught, _opened(servers, path):
            pytest.fail(f"{path} was opened")
        assert caught.value.response.status_code == 403
    with _opened(servers, protocol="graphql-ws") as socket:
        assert _code(socket) == 4406


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
