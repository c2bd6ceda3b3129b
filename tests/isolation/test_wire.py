"""Over HTTP, sockets and streams: everything of alpha is useless at beta."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from socket import create_connection
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.models import Card, EarnSession, Location, Program
from tenants import context
from tests.factories import people
from tests.factories.operations import COLLECT, ME, MINT, SESSION_STATUS
from tests.factories.selling import mint
from tests.harness import databases
from tests.harness.servers import Client, Servers
from tests.harness.wire import Answer, Wire

pytestmark = pytest.mark.xdist_group("servers")
CANARY = "canary-of-alpha"
BY_ID = {
    "node": "query($id: ID!) { node(id: $id) { __typename id ... on Location { name }"
    " ... on Program { name } ... on Preset { name } ... on Customer { email }"
    " ... on StaffMember { name } ... on EarnSession { token } } }",
    "card": "query($id: ID!) { card(id: $id) { id url } }",
    "session": "query($id: ID!) { session(id: $id) { id token } }",
    "program": "query($id: ID!) { program(id: $id) { id name } }",
    "presets": "query($id: ID!) { presets(locationId: $id) { edges { node { name } } } }",
}
WHOLE = {
    "me": ME,
    "programs": "{ programs { edges { node { id name } } } }",
    "locations": "{ locations { edges { node { id name } } } }",
}


@dataclass(frozen=True)
class Known:
    """What somebody knows of alpha: tokens of its people, ids of its things, a live session."""

    tokens: dict[str, str]
    of_beta: dict[str, str]
    ids: dict[str, str]
    unique: set[str]
    session: dict[str, str]


@pytest.fixture(scope="module")
def known(servers: Servers) -> Known:
    with databases.connected_to(servers.database_name):
        tokens = {role.value: people.staff(role).token for role in Role}
        tokens["customer"] = people.customer("wire@alpha.example").token
        where = people.place()
        Program.objects.update(description=CANARY)
        Location.objects.create(name=CANARY, time_zone="UTC")
        with context.business("beta"):
            of_beta = {role.value: people.staff(role).token for role in Role}
            of_beta["customer"] = people.customer("wire@beta.example").token
            Location.objects.exclude(name="Beta Coffee").delete()
    alpha = Client(servers.web[0], "alpha", tokens["staff"])
    used, live = mint(alpha, where), mint(alpha, where)
    customer = Client(servers.web[0], "alpha", tokens["customer"])
    collected = customer.ask(COLLECT, input={"token": used["token"]})
    me = customer.ask(ME)
    ids = {"used": used["id"], "live": live["id"], "card": collected["card"]["id"]}
    ids |= {"customer": me["id"]}
    small = ("Location", "Program", "Preset", "Product", "StaffMember", "Bonus", "Tier")
    every = {f"{kind}{n}": global_id(kind, n) for kind, n in product(small, (1, 2, 3))}
    return Known(tokens, of_beta, {**ids, **every}, set(ids.values()), live)


def _is_clean(answer: Answer) -> bool:
    # Beta's own answers never say "alpha" anywhere; alpha's always do.
    return answer.status == 200 and "alpha" not in answer.text.lower()


def test_at_home_everything_works(servers: Servers, known: Known) -> None:
    home = Wire(servers.web[0], "alpha")
    for name in ("used", "live"):
        token = known.tokens["owner"]
        assert home.ask(BY_ID["session"], token=token, id=known.ids[name]).data["id"]
    found = home.ask(BY_ID["card"], token=known.tokens["customer"], id=known.ids["card"])
    assert found.data["id"] == known.ids["card"]
    assert CANARY in home.ask(WHOLE["locations"]).text


def _callers(known: Known) -> Iterator[tuple[dict[str, str], bool]]:
    yield {}, True
    for token in known.of_beta.values():
        yield {"token": token}, True
        yield {"cookie": token}, True
    for token in known.tokens.values():
        yield {"token": token}, False
        yield {"cookie": token}, False


def test_the_sweep(servers: Servers, known: Known) -> None:
    """Every caller asks beta for everything of alpha, by each query, on two processes."""
    probes = 0
    for number, (caller, is_good) in enumerate(_callers(known)):
        beta = Wire(servers.web[number % 2], "beta")
        asked = [(query, {"id": key}) for query, key in product(BY_ID.values(), known.ids.values())]
        asked += [(query, {}) for query in WHOLE.values()]
        for query, variables in asked:
            is_forged = "cookie" in caller
            answer = beta.ask(query, **caller, **variables)
            probes += 1
            if is_forged:
                # A cookie without its CSRF token is no sign-in at all.
                assert answer.status == 403
                continue
            assert _is_clean(answer), (query, variables, answer.text)
            if variables.get("id") in known.unique and "presets" not in query:
                assert answer.data is None, answer.text
            needs_sign_in = query not in {*list(WHOLE.values())[1:], BY_ID["program"]}
            if not is_good and needs_sign_in and query == ME:
                assert answer.codes == {"UNAUTHENTICATED"}
    assert probes >= 500


def test_bearer_tokens(servers: Servers, known: Known) -> None:
    for server, token in product(servers.web, known.tokens.values()):
        for query in (ME, "mutation { signOut }"):
            answer = Wire(server, "beta").ask(query, token=token)
            if query == ME:
                assert (answer.status, answer.codes) == (200, {"UNAUTHENTICATED"})
            else:
                assert answer.data is False
        # Signing out at beta ended nothing at alpha.
        assert Wire(server, "alpha").ask(ME, token=token).data["__typename"] != "Anonymous"


def test_session_tokens(servers: Servers, known: Known) -> None:
    beta = Wire(servers.web[0], "beta")
    for given in (known.session["token"], "x" * 22, "", "\ud800", "\0"):
        answer = beta.ask(COLLECT, token=known.of_beta["customer"], input={"token": given})
        assert (answer.status, answer.codes) == (200, {"CODE_UNKNOWN"})
    stranger = beta.ask(COLLECT, input={"token": known.session["token"], "email": "a@b.example"})
    assert stranger.codes == {"CODE_UNKNOWN"}
    page = beta.send(None, path=f"/c/{known.session['token']}", method="GET", kind=None)
    assert page.status == 404
    assert "alpha" not in page.text.lower()


def test_ids_in_mutations(servers: Servers, known: Known) -> None:
    beta = Wire(servers.web[0], "beta")
    for kind in ("live", "card", "customer"):
        given = {"programId": known.ids[kind], "locationId": known.ids["Location1"]}
        answer = beta.ask(MINT, token=known.of_beta["staff"], input=given)
        assert answer.codes == {"NOT_FOUND"}
    answer = beta.ask(
        MINT,
        token=known.of_beta["staff"],
        input={"programId": known.ids["Program1"], "locationId": known.ids["Location2"]},
    )
    assert answer.codes == {"NOT_FOUND"}


def test_forwarded_hosts(servers: Servers, known: Known) -> None:
    beta = Wire(servers.web[0], "beta")
    body = json.dumps({"query": ME})
    names = ("X-Forwarded-Host", "Forwarded", "X-Host", "X-Tenant", "X-Original-Host")
    for name, value in product(names, ("alpha.localhost", "host=alpha.localhost")):
        answer = beta.send(body, token=known.tokens["owner"], **{name: value})
        assert answer.codes == {"UNAUTHENTICATED"}


def _socket(servers: Servers, host: str, **options: Any) -> ClientConnection:
    server = servers.web[0]
    found: ClientConnection = connect(
        f"ws://{host}:{server.port}/graphql/ws",
        sock=create_connection(("127.0.0.1", server.port)),
        subprotocols=[Subprotocol("graphql-transport-ws")],
        **options,
    )
    return found


@pytest.mark.parametrize("by", ["init", "header", "cookie"])
@pytest.mark.parametrize("who", ["owner", "staff", "customer"])
def test_sockets(servers: Servers, known: Known, who: str, by: str) -> None:
    bearer = f"Bearer {known.tokens[who]}"
    headers = {
        "init": {},
        "header": {"Authorization": bearer},
        "cookie": {"Cookie": f"plusone={known.tokens[who]}"},
    }[by]
    payload = {"authorization": bearer} if by == "init" else {}
    with _socket(servers, "beta.localhost", additional_headers=headers) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        with pytest.raises(ConnectionClosed) as caught:
            socket.recv(timeout=10)
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 4401


def test_origins(servers: Servers) -> None:
    port = servers.web[0].port
    foreign = [f"http://alpha.localhost:{port}", "https://evil.example", "null", "http://[::1"]
    for origin in foreign:
        with (
            pytest.raises(InvalidStatus) as caught,
            _socket(servers, "beta.localhost", origin=Origin(origin)),
        ):
            pytest.fail(f"{origin} was let in")
        assert caught.value.response.status_code == 403
    own = Origin(f"http://beta.localhost:{port}")
    with _socket(servers, "beta.localhost", origin=own) as socket:
        assert socket.protocol.state.name == "OPEN"


def test_a_socket_of_beta_follows_nothing_of_alpha(servers: Servers, known: Known) -> None:
    with _socket(servers, "beta.localhost") as socket:
        bearer = {"authorization": f"Bearer {known.of_beta['owner']}"}
        socket.send(json.dumps({"type": "connection_init", "payload": bearer}))
        assert json.loads(socket.recv(timeout=10))["type"] == "connection_ack"
        for name in ("live", "used"):
            body = {"query": SESSION_STATUS, "variables": {"id": known.ids[name]}}
            socket.send(json.dumps({"type": "subscribe", "id": name, "payload": body}))
            payload = json.loads(socket.recv(timeout=10))["payload"]
            assert payload["errors"][0]["extensions"]["code"] == "NOT_FOUND"
            assert json.loads(socket.recv(timeout=10))["type"] == "complete"


def test_streams(servers: Servers, known: Known) -> None:
    beta = Wire(servers.web[0], "beta")
    told = {known.tokens["owner"]: "UNAUTHENTICATED", known.of_beta["owner"]: "NOT_FOUND"}
    for (token, code), name in product(told.items(), ("live", "used")):
        body = json.dumps({"query": SESSION_STATUS, "variables": {"id": known.ids[name]}})
        stream = {"path": "/graphql/stream", "Accept": "text/event-stream"}
        answer = beta.send(body, token=token, **stream)
        assert code in answer.text
        assert "secondsLeft" not in answer.text


def test_nothing_of_alpha_was_made_at_beta(servers: Servers, known: Known) -> None:
    del known
    with databases.connected_to(servers.database_name), context.business("beta"):
        assert not Card.objects.filter(customer__email="wire@beta.example").exists()
        assert not EarnSession.objects.filter(customer__email="wire@beta.example").exists()
