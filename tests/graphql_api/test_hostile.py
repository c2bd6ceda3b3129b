"""Hostile requests over HTTP: refused, quickly, without a trace in the log."""

import json
import random
from itertools import product

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from tenants import context
from tests.factories import people
from tests.factories.operations import COLLECT, ME, MINT, SIGN_IN
from tests.harness import databases
from tests.harness.hostile import BODIES, CANARY, DOCUMENTS, operation, unique
from tests.harness.meter import spent
from tests.harness.servers import Servers
from tests.harness.wire import Answer, Wire

pytestmark = pytest.mark.xdist_group("servers")
CPU_MS, LOG_BYTES = 50, 2_000
STRANGE = [
    "\ud800",
    "\udfff CaNaRy",
    "\0",
    "\x1b[31m",
    "\u202e",
    "x" * 3_000,
    "'; DROP --",
    "%s{0}",
]
STRANGE += ["../../x", "", " ", "٣", "=1+1", "a@b\r\nBcc: c@d.example", "\U0001f600" * 500]


def _is_refused(answer: Answer) -> bool:
    if 400 <= answer.status < 500:
        return True
    return answer.status == 200 and bool(json.loads(answer.text).get("errors"))


@pytest.mark.parametrize("path", ["/graphql", "/graphql/stream"])
@pytest.mark.parametrize("name", BODIES)
def test_bodies(servers: Servers, alpha: Wire, name: str, path: str) -> None:
    answer, cost = spent(servers, alpha.server, lambda: alpha.send(BODIES[name], path=path))
    # A stream has begun when its operation turns out to be none: then the event says so. A document
    # that can be read, and not run, is a 200 in plain JSON.
    assert 400 <= answer.status < 500 or '"errors"' in answer.text, answer.text
    assert cost.cpu_ms <= CPU_MS
    assert cost.log_bytes <= LOG_BYTES


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(servers: Servers, alpha: Wire, name: str) -> None:
    answer, cost = spent(servers, alpha.server, lambda: alpha.send(unique(DOCUMENTS[name])))
    assert _is_refused(answer), answer.text
    assert "INTERNAL" not in answer.text
    assert "Traceback" not in answer.text
    assert cost.cpu_ms <= CPU_MS
    assert cost.log_bytes <= LOG_BYTES


def test_a_bomb_that_is_no_bomb_runs(alpha: Wire) -> None:
    body = unique("{ ...A } fragment A on Query { ...B } fragment B on Query { me { __typename } }")
    assert alpha.send(body).data == {"__typename": "Anonymous"}


@pytest.mark.parametrize("text", STRANGE)
def test_strange_ids_and_cursors(alpha: Wire, tokens: dict[str, str], text: str) -> None:
    pages = "query ($a: String) { locations(after: $a) { edges { cursor } } }"
    for field in ("node", "program", "card", "session"):
        answer = alpha.ask(f"query ($a: ID!) {{ {field}(id: $a) {{ id }} }}", a=text)
        assert (answer.status, answer.data) == (200, None)
        assert "errors" not in json.loads(answer.text)
    answer = alpha.ask(pages, a=text)
    assert answer.codes == {"BAD_USER_INPUT"}
    given = {"programId": text, "locationId": text}
    assert alpha.ask(MINT, token=tokens["staff"], input=given).codes & {
        "NOT_FOUND",
        "INVALID_INPUT",
    }


def _given(text: str) -> list[tuple[str, dict[str, str]]]:
    request = "mutation ($input: RequestMagicLinkInput!) { requestMagicLink(input: $input)"
    staff = "mutation ($input: SignInStaffInput!) { signInStaff(input: $input)"
    answer = " { __typename ... on Refusal { code } } }"
    place = {"programId": global_id("Program", 1), "locationId": global_id("Location", 1)}
    return [
        (COLLECT, {"token": text, "email": text}),
        (COLLECT, {"token": "x", "claim": text, "idempotencyKey": text}),
        (MINT, {**place, "idempotencyKey": text}),
        (MINT, {**place, "presetId": text}),
        (SIGN_IN, {"linkToken": text, "claim": text, "email": text}),
        (SIGN_IN, {"code": text, "claim": text}),
        (request + answer, {"email": text}),
        (staff + answer, {"email": text, "password": "\ud800"}),
    ]


def test_strange_texts_in_mutations(alpha: Wire, tokens: dict[str, str]) -> None:
    """Each is refused as data; a stranger's mistakes are answered like an unknown code."""
    for text in ["\ud800", "\0 CaNaRy", "x" * 3_000]:
        for query, given in _given(text):
            token = tokens["staff"] if query == MINT else None
            answer = alpha.send(operation(query, input=given), token=token)
            assert answer.status == 200, answer.text
            known = {"INVALID_INPUT", "CODE_UNKNOWN", "SIGN_IN_FAILED", "NOT_FOUND", "RATE_LIMITED"}
            assert answer.codes <= known, (query, given, answer.text)
            assert answer.codes, (query, given, answer.text)


@pytest.mark.parametrize(
    ("who", "may"),
    [(None, False), ("customer", False), ("staff", False), ("manager", True), ("owner", True)],
)
def test_introspection(alpha: Wire, tokens: dict[str, str], who: str | None, *, may: bool) -> None:
    body = unique("{ __schema { queryType { name } } }")
    answer = alpha.send(body, token=tokens[who] if who else None)
    assert answer.codes == (set() if may else {"FORBIDDEN"})


def test_introspection_needs_the_plan(servers: Servers) -> None:
    with databases.connected_to(servers.database_name), context.business("beta"):
        owner = people.staff(Role.OWNER).token
    answer = Wire(servers.web[0], "beta").send(
        unique("{ __schema { types { name } } }"), token=owner
    )
    assert answer.codes == {"FORBIDDEN"}


def test_headers(alpha: Wire) -> None:
    body = operation(ME)
    bad = [
        "Bearer",
        "Bearer ",
        "bearer x",
        "Basic eDp4",
        "Bearer \xff\xfe",
        "x" * 4_000,
        "Bearer a b",
    ]
    for value in bad:
        assert alpha.send(body, Authorization=value).codes == {"UNAUTHENTICATED"}
    for name, value in product(("Accept-Language", "Accept", "Cookie", "X-Forwarded-For"), STRANGE):
        sent = value.encode("utf-8", "surrogatepass").decode("latin-1")
        printable = "".join(c for c in sent if c >= " " and not "\x7f" <= c <= "\x9f")
        assert alpha.send(body, **{name: printable}).status == 200


@pytest.mark.parametrize("path", ["/graphql", "/graphql/stream"])
def test_a_huge_body(servers: Servers, alpha: Wire, path: str) -> None:
    body = b'{"query":"' + b"x" * 300_000 + b'"}'
    before = len(servers.log())
    assert alpha.send(body, path=path).status == 413
    assert len(servers.log()) - before <= LOG_BYTES


def _random_document(chance: random.Random) -> str:
    words = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "!",
        "$a",
        ":",
        "=",
        "@skip(if: true)",
        "...",
        "...A",
        "|",
    ]
    words += ["query", "mutation", "subscription", "fragment A on Query", "on", "me", "id"]
    words += [
        "programs",
        "first: 1",
        "edges { node { id name } }",
        "__typename",
        '"\\u0000"',
        "1e999",
    ]
    words += [
        "collect(input: {token: 1})",
        "signOut",
        "null",
        "true",
        '"""x"""',
        "-",
        "#\n",
        "é",
        "\ufeff",
    ]
    return " ".join(chance.choices(words, k=chance.randint(1, 60)))


def _mutated(chance: random.Random, document: str) -> str:
    text = list(document)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(text))
        text[at : at + chance.randint(0, 4)] = chance.choices('{}()[]!$@:."\\ aZ0\0\n…', k=2)
    return "".join(text) or "{"


def test_random_documents(alpha: Wire) -> None:
    chance = random.Random(20_250_101)  # noqa: S311  repeatable
    real = [COLLECT, MINT, SIGN_IN, ME, "{ programs(first: 1) { edges { node { id } } } }"]
    made = [_random_document(chance) for _ in range(250)]
    made += [_mutated(chance, chance.choice(real)) for _ in range(250)]
    for document in made:
        answer = alpha.send(operation(document))
        assert answer.status in {200, 400}, document
        assert "INTERNAL" not in answer.text, document


def test_the_log_quotes_nobody(servers: Servers, alpha: Wire) -> None:
    """Behind all of the above, and once more by itself."""
    for body in (unique("{ CaNaRy }"), unique("query CaNaRy { nope }"), BODIES["query is a list"]):
        alpha.send(body)
    alpha.send(operation(COLLECT, input={"token": CANARY, "email": f"{CANARY} @"}))
    found = servers.log()
    assert CANARY not in found
    assert "Traceback" not in found
