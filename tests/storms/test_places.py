"""What a guest of the shop's Wi-Fi holds open keeps no counter behind the same address waiting."""

import json
import os
import random
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from select import select
from socket import SHUT_WR, SO_LINGER, SOL_SOCKET, socket

import pytest

from loyalty.base.values import Role
from tenants import context
from tests.factories import people
from tests.factories.operations import COLLECT, ME, SESSION_STATUS
from tests.factories.people import BETA, Place
from tests.factories.selling import mint
from tests.harness import databases
from tests.harness.servers import Client, Server, Servers
from tests.harness.sockets import subscribed
from tests.harness.storm import SALES, head, line
from tests.harness.wire import Answer, Wire
from tests.storms.test_unread_answers import LARGE

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
# The counter's address, and the guest's.
SHOP = "127.0.0.1"
# More than the counter's address has places for.
HALF_SENT = 600
# Few places, so that a mix of everything fills them at once.
FEW = 16
# `STORM_MIXES` plays more of them; each says its seed.
MIXES = int(os.environ.get("STORM_MIXES", "2"))
JSON = ("Accept: application/json", "Content-Type: application/json")
HALF = ("Content-Length: 100", *JSON)


@dataclass
class Shop:
    """Alpha's counter and a customer's phone, both behind the shop's address."""

    counter: Client
    phone: Client
    where: Place

    def sell(self) -> dict[str, str]:
        """Mint and collect; any refusal fails."""
        session = mint(self.counter, self.where)
        answer = self.phone.ask(COLLECT, input={"token": session["token"]})
        assert answer["__typename"] == "Collected", answer
        return session


def _shop(servers: Servers, server: Server, *, email: str = "regular@alpha.example") -> Shop:
    with databases.connected_to(servers.database_name):
        staff, person, where = people.staff(Role.STAFF), people.customer(email), people.place()
    return Shop(Client(server, "alpha", staff.token), Client(server, "alpha", person.token), where)


def _half_sent(server: Server) -> bytes:
    return head(server, "/graphql", *HALF, method="POST") + b"{"


def _status(found: socket) -> int:
    """What a line was answered; 0 for one that was only hung up on."""
    try:
        told = found.recv(65536)
    except ConnectionResetError:
        return 0
    return int(told[9:12]) if told else 0


def test_half_sent_bodies_at_the_counters_own_address(servers: Servers) -> None:
    with servers.another() as server, ExitStack() as mine:
        shop = _shop(servers, server)
        before = len(servers.log())
        lines = [mine.enter_context(line(server, address=SHOP)) for _ in range(HALF_SENT)]
        for each in lines:
            each.sendall(_half_sent(server))
        # While all begin at once, other guests' bodies are among those that give way; then not.
        guest = Client(server, "alpha")
        assert [guest.post(ME).status_code for _ in range(100)][-20:] == [200] * 20
        # This process has never heard of the counter.
        for _ in range(SALES):
            shop.sell()
        answers = Counter(_status(each) for each in lines)
        assert "Traceback" not in servers.log()[before:]
    # Sixty-four were kept until their ten seconds were over, the others gave way.
    assert answers.keys() == {429, 408}


def test_heads_that_do_not_come(servers: Servers) -> None:
    with servers.another() as server, ExitStack() as mine:
        shop = _shop(servers, server)
        lines = [mine.enter_context(line(server, address=SHOP)) for _ in range(HALF_SENT)]
        for each in lines:
            each.sendall(b"POST /graphql HTTP/1.1\r\nHost: alpha")
        for _ in range(SALES):
            shop.sell()
        # All but an eighth of the places are hung up on soon; the counter sells meanwhile.
        until = time.monotonic() + 30
        while len(select(lines, (), (), 0.5)[0]) < HALF_SENT - 64:
            shop.sell()
            assert time.monotonic() < until


@contextmanager
def _one_place(servers: Servers) -> Iterator[Server]:
    """A server with a single place for the guests of an address."""
    with servers.another(OPEN_PER_ADDRESS="1") as server:
        yield server


@dataclass
class Hoarder:
    """A guest who takes the single place, and takes it again whenever it was lost."""

    server: Server
    held: ExitStack
    mine: socket | None = None

    def take(self) -> None:
        """Hold it, so that other guests are refused."""
        for _ in range(100):
            if self.mine is None or select([self.mine], (), (), 0)[0]:
                self.mine = self.held.enter_context(line(self.server, address=SHOP))
                self.mine.sendall(_half_sent(self.server))
            if _post(Client(self.server, "alpha")).status == 429:
                return
        pytest.fail("The place was never taken.")

    def status_of(self, client: Client, **headers: str) -> int:
        """What this caller is answered while the place is taken."""
        self.take()
        return _post(client, **headers).status


def _post(client: Client, **headers: str) -> Answer:
    body = json.dumps({"query": ME})
    assert isinstance(client.server, Server)
    return Wire(client.server, client.business).send(body, token=client.token, **headers)


def test_who_is_known_has_a_place_where_guests_have_none(servers: Servers) -> None:
    with _one_place(servers) as server, ExitStack() as held:
        shop, hoarder = _shop(servers, server), Hoarder(server, held)
        with databases.connected_to(servers.database_name), context.business(BETA):
            other = people.staff(Role.STAFF)
        hoarder.take()
        refused = _post(Client(server, "alpha"))
        assert (refused.status, refused.headers["retry-after"]) == (429, "5")
        assert refused.codes == {"LIMIT_EXCEEDED"}
        assert hoarder.status_of(Client(server, "alpha", "x" * 43)) == 429
        # A token is good at its own business alone, before it was used there and after.
        for _ in range(2):
            assert hoarder.status_of(Client(server, "alpha", other.token)) == 429
            assert hoarder.status_of(Client(server, BETA, other.token)) == 200
        for token in (shop.counter.token, shop.phone.token):
            assert hoarder.status_of(Client(server, BETA, token)) == 429
        hoarder.take()
        session = shop.sell()
        # The cookie is known, and asked where it came from; as a guest's this would be a 429.
        cookie = f"plusone={shop.counter.token}"
        assert hoarder.status_of(Client(server, "alpha"), Cookie=cookie) == 403
        # Of a socket the token comes with `connection_init`.
        hoarder.take()
        with subscribed(shop.counter, SESSION_STATUS, id=session["id"]) as stream:
            assert stream.next()["status"] == "COLLECTED"


def test_a_token_that_is_over_gives_no_place(servers: Servers) -> None:
    with _one_place(servers) as server, ExitStack() as held:
        leaver = _shop(servers, server, email="leaver@alpha.example").phone
        hoarder = Hoarder(server, held)
        assert hoarder.status_of(leaver) == 200
        leaver.ask("mutation { signOut }")
        # What is noticed first is that it is over.
        assert _post(leaver).codes == {"UNAUTHENTICATED"}
        assert hoarder.status_of(leaver) == 429


class Guest:
    """Somebody who holds open whatever they can, with a good token of their own."""

    def __init__(self, server: Server, token: str, chance: random.Random) -> None:
        self._server, self._token, self._chance = server, token, chance
        self._open: list[socket] = []

    def act(self, held: ExitStack) -> None:
        """One more of anything."""
        deeds: list[Callable[[], bytes]] = [
            self._half_a_head,
            self._half_a_body,
            self._half_a_body_with_a_token,
            self._half_a_stream,
            self._unread,
            self._a_silent_socket,
            self._a_socket_with_a_token,
            self._a_stream,
            self._an_invented_token,
            self._nothing,
        ]
        sent = self._chance.choice(deeds)()
        for _ in range(self._chance.randint(1, 2 * FEW)):
            with suppress(OSError):
                found = held.enter_context(line(self._server, reads_little=True, address=SHOP))
                found.sendall(sent)
                self._open.append(found)
        if self._chance.random() < 0.3:
            self._leave()

    def _leave(self) -> None:
        self._chance.shuffle(self._open)
        for found in self._open[: len(self._open) // 2]:
            with suppress(OSError):
                if self._chance.random() < 0.5:
                    found.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    found.shutdown(SHUT_WR)
            found.close()
        del self._open[: len(self._open) // 2]

    def _head(self, path: str, *headers: str, method: str = "POST") -> bytes:
        return head(self._server, path, *headers, method=method)

    def _bearer(self) -> str:
        return f"Authorization: Bearer {self._token}"

    def _nothing(self) -> bytes:
        return b""

    def _half_a_head(self) -> bytes:
        return self._head("/graphql", *JSON)[:-2]

    def _half_a_body(self) -> bytes:
        return self._head(self._chance.choice(["/graphql", "/sign-in"]), *HALF) + b"{"

    def _half_a_body_with_a_token(self) -> bytes:
        return self._head("/graphql", *HALF, self._bearer()) + b"{"

    def _half_a_stream(self) -> bytes:
        return self._head("/graphql/stream", *HALF, "Accept: text/event-stream")

    def _unread(self) -> bytes:
        return self._head(LARGE, "Range: bytes=1-3000000", method="GET")

    def _a_silent_socket(self) -> bytes:
        return self._head("/graphql/ws", *self._upgrade(), method="GET")

    def _a_socket_with_a_token(self) -> bytes:
        return self._head("/graphql/ws", *self._upgrade(), self._bearer(), method="GET")

    def _upgrade(self) -> tuple[str, ...]:
        return (
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
        )

    def _a_stream(self) -> bytes:
        query = "subscription { cardChanged(cardId: 1) { id } }"
        return self._whole("/graphql/stream", query, self._bearer(), "Accept: text/event-stream")

    def _an_invented_token(self) -> bytes:
        token = self._chance.randbytes(32).hex()
        return self._whole("/graphql", ME, f"Authorization: Bearer {token}")

    def _whole(self, path: str, query: str, *headers: str) -> bytes:
        body = json.dumps({"query": query}).encode()
        length = f"Content-Length: {len(body)}"
        return self._head(path, "Content-Type: application/json", length, *headers) + body


@pytest.mark.parametrize("seed", range(MIXES))
def test_a_counter_sells_beside_any_mix(servers: Servers, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  a test's dice
    with servers.another(OPEN_PER_ADDRESS=str(FEW)) as server:
        shop = _shop(servers, server)
        with databases.connected_to(servers.database_name):
            guest = Guest(server, people.customer("guest@alpha.example").token, chance)
        before = len(servers.log())
        with ExitStack() as held:
            for _ in range(20):
                guest.act(held)
                shop.sell()
        assert "Traceback" not in servers.log()[before:]
        # When they have left, guests have their places again.
        assert _post(Client(server, "alpha")).status == 200
