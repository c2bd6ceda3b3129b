"""Sockets and streams of strangers, and of one busy customer, are in nobody's way."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from loyalty.base.values import Role
from tenants import context
from tests.factories import people
from tests.factories.operations import SESSION_STATUS
from tests.factories.people import BETA
from tests.factories.selling import mint
from tests.harness import databases
from tests.harness.servers import Client, Server, Servers
from tests.harness.sockets import subscribed
from tests.harness.storm import Innocent, head, innocent, line, unharmed

if TYPE_CHECKING:
    from socket import socket

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
SOCKETS, MESSAGES, STREAMS, SNAPSHOTS = 15, 33_000, 300, 40
# A stormer comes again at once, but leaves this process the time to measure.
PAUSE = 0.2


def _storm_once(server: Server, token: str | None) -> None:
    with line(server) as opened:
        address = f"ws://alpha.localhost:{server.port}/graphql/ws"
        protocol = Subprotocol("graphql-transport-ws")
        with connect(address, sock=opened, subprotocols=[protocol]) as socket:
            payload = {"authorization": f"Bearer {token}"} if token else {}
            socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            for number in range(MESSAGES):
                body = {"query": SESSION_STATUS, "variables": {"id": str(number)}}
                message = {"type": "subscribe", "id": str(number), "payload": body}
                socket.send(json.dumps(message))


@contextmanager
def _storming(server: Server, token: str | None) -> Iterator[None]:
    """Sockets that are flooded with messages, and opened again as often as they are closed."""
    over = threading.Event()

    def rage() -> None:
        while not over.wait(PAUSE):
            with suppress(OSError, WebSocketException):
                _storm_once(server, token)

    threads = [threading.Thread(target=rage) for _ in range(SOCKETS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _following(servers: Servers, who: Innocent, role: Role) -> Callable[[], object]:
    """Sees a session's first snapshot, as a counter does for each sale."""
    session = mint(who.counter, who.where)
    with databases.connected_to(servers.database_name), context.business(BETA):
        follower = Client(who.counter.server, BETA, people.staff(role).token)

    def follow() -> None:
        with subscribed(follower, SESSION_STATUS, id=session["id"]) as stream:
            assert stream.next(timeout=30)["status"] in {"OPEN", "EXPIRED"}

    return follow


# In each flood another person follows: nobody may open so much in so short a time.
@pytest.mark.parametrize(
    ("whose", "role"),
    [("nobody's", Role.STAFF), ("a wrong token's", Role.MANAGER), ("a customer's", Role.OWNER)],
)
def test_floods_of_messages(servers: Servers, whose: str, role: Role) -> None:
    server = servers.web[0]
    with databases.connected_to(servers.database_name):
        customer = people.customer("stormer@alpha.example").token
    token = {"nobody's": None, "a wrong token's": "x" * 43, "a customer's": customer}[whose]
    who = innocent(servers, server)
    before = len(servers.log())

    def storm(raging: ExitStack) -> None:
        raging.enter_context(_storming(server, token))

    unharmed(who, storm, name=f"{SOCKETS} sockets, {whose}")
    snapshots = f"{SOCKETS} sockets, {whose}, snapshots"
    unharmed(who, storm, name=snapshots, deed=_following(servers, who, role), times=SNAPSHOTS)
    assert "Traceback" not in servers.log()[before:]


def test_streams_whose_bodies_do_not_come(servers: Servers) -> None:
    server = servers.web[0]
    who = innocent(servers, server)
    before = len(servers.log())
    sent = head(
        server,
        "/graphql/stream",
        "Accept: text/event-stream",
        "Content-Type: application/json",
        "Content-Length: 100",
        method="POST",
    )
    started = time.monotonic()
    with ExitStack() as mine:
        lines: list[socket] = []

        def storm(_raging: ExitStack) -> None:
            for _ in range(STREAMS):
                lines.append(mine.enter_context(line(server)))
                lines[-1].sendall(sent + b"{")

        unharmed(who, storm, name=f"{STREAMS} bodies of one byte")
        # Half of them hang up, the others are hung up on.
        for each in lines[::2]:
            each.close()
        answers = Counter(each.recv(65536)[9:12] for each in lines[1::2])
        # The newest waited for their time to be over, the others gave way to them.
        assert answers.keys() == {b"408", b"429"}
    assert time.monotonic() - started < 60
    told = servers.log()[before:]
    assert "Traceback" not in told
    assert len(told) < 2_000
