"""Front ends of the business's own on other origins: bearer only, and only those listed."""

import json
from socket import create_connection

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tenants import context
from tests.factories.people import FRONT_END
from tests.factories.selling import inside, mint
from tests.harness.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
OURS, FOREIGN = FRONT_END, "https://evil.example"


@pytest.fixture
def client(servers: Servers) -> Client:
    """A staff member's front end, whose origin beta has listed and alpha has not."""
    with context.business("beta"):
        _, staff, _ = inside(servers, [])
    return Client(servers.web[0], "beta", staff.token)


def preflight(client: Client, origin: str, path: str = "/graphql") -> httpx.Response:
    headers = {"Host": client.headers["Host"], "Origin": origin}
    asked = {"Access-Control-Request-Method": "POST"}
    return httpx.options(f"http://{client.server.address}{path}", headers={**headers, **asked})


@pytest.mark.parametrize("path", ["/graphql", "/graphql/stream"])
def test_a_listed_origin_may_ask(client: Client, path: str) -> None:
    allowed = preflight(client, OURS, path)
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == OURS
    assert "authorization" in allowed.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    refused = preflight(client, FOREIGN, path)
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_an_answer_is_readable_for_the_listed_origin_only(client: Client) -> None:
    body = {"query": "{ me { __typename } }"}
    address = f"http://{client.server.address}/graphql"
    for origin, readable in ((OURS, True), (FOREIGN, False)):
        answer = httpx.post(address, json=body, headers={**client.headers, "Origin": origin})
        assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is readable
        assert answer.json()["data"]["me"]["__typename"] == "StaffMember"


def test_sockets_accept_it_too_without_cookies(client: Client, servers: Servers) -> None:
    with context.business("beta"):
        where, _, _ = inside(servers, [])
    session = mint(client, where)["id"]
    with pytest.raises(InvalidStatus):
        _connect(client, FOREIGN).close()
    with _connect(client, OURS) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        with pytest.raises(ConnectionClosed) as caught:
            socket.recv(timeout=5)
    # The maker's cookie came along and was not looked at: nobody is signed in.
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 4401
    with _connect(client, OURS) as socket:
        payload = {"Authorization": f"Bearer {client.token}"}
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(socket.recv(timeout=5))["type"] == "connection_ack"
        query = f'subscription {{ sessionStatus(sessionId: "{session}") {{ status }} }}'
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        assert json.loads(socket.recv(timeout=5))["type"] == "next"


def _connect(client: Client, origin: str) -> ClientConnection:
    return connect(
        f"ws://{client.headers['Host']}/graphql/ws",
        sock=create_connection(("127.0.0.1", client.server.port)),
        origin=Origin(origin),
        additional_headers={"Cookie": f"plusone={client.token}"},
        subprotocols=[Subprotocol("graphql-transport-ws")],
    )
