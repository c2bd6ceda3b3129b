"""What the GraphQL-over-HTTP specification asks of a server, for every way to be refused."""

import json
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest

from graphql_api.technical import CODES, STATUSES
from tests.factories.operations import ME
from tests.harness.hostile import BODIES
from tests.harness.wire import Answer, Wire

pytestmark = pytest.mark.xdist_group("servers")
NEW, OLD = "application/graphql-response+json", "application/json"
TWO = "query A { me { __typename } } query B { me { __typename } }"
# What is wrong, as query, variables and operationName, with the code that says so.
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"query": "{ me"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ nope }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "{ node { id } }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "query ($a: ID!) { node(id: $a) { id } }"}, "BAD_USER_INPUT"),
    (
        {"query": "query ($a: Int) { programs(first: $a) { pageInfo { endCursor } } }"}
        | {"variables": {"a": "x"}},
        "BAD_USER_INPUT",
    ),
    ({"query": TWO}, "OPERATION_RESOLUTION_FAILURE"),
    ({"query": TWO, "operationName": "C"}, "OPERATION_RESOLUTION_FAILURE"),
    ({"query": "fragment A on Query { me { __typename } }"}, "OPERATION_RESOLUTION_FAILURE"),
    ({"query": "subscription { cardChanged(cardId: 1) { id } }"}, "LIMIT_EXCEEDED"),
    ({"query": "{ " + " ".join(f"a{n}: __typename" for n in range(16)) + " }"}, "LIMIT_EXCEEDED"),
]
OF_NO_OPERATION = {"only a fragment", "operationName is unknown", "a schema"}


def by_get(given: dict[str, Any]) -> str:
    """The address of an operation."""
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
    return f"/graphql?{urlencode(texts)}"


def get(alpha: Wire, given: dict[str, Any], accept: str = "*/*", **more: Any) -> Answer:
    path = by_get(given)
    return alpha.send(None, method="GET", path=path, kind=None, Accept=accept, **more)


def is_said(answer: Answer, accept: str, code: str) -> None:
    """Errors with a code, no `data`, in the type that was asked for, kept by no cache."""
    wanted = NEW if NEW in accept else OLD
    assert answer.headers["content-type"] == f"{wanted}; charset=utf-8", answer.text
    assert answer.headers["cache-control"] == "no-store"
    found = json.loads(answer.text)
    assert set(found) == {"errors"}
    assert {error["extensions"]["code"] for error in found["errors"]} == {code}
    assert code in CODES
    assert all(error["message"] for error in found["errors"])


@pytest.mark.parametrize("accept", [NEW, OLD, "*/*", f"{NEW}, {OLD}"])
@pytest.mark.parametrize(("given", "code"), WRONG)
def test_what_cannot_be_run(alpha: Wire, given: dict[str, Any], code: str, accept: str) -> None:
    for answer in (alpha.send(json.dumps(given), Accept=accept), get(alpha, given, accept)):
        assert answer.status == (400 if NEW in accept else 200)
        is_said(answer, accept, code)


def test_a_document_hears_every_limit_that_it_is_beyond(alpha: Wire) -> None:
    deep = "me { " * 12 + "__typename" + " }" * 12
    query = "{ " + " ".join(f"a{n}: {deep}" for n in range(16)) + " }"
    (error,) = json.loads(alpha.send(json.dumps({"query": query})).text)["errors"]
    assert error["message"] == (
        "This document has 16 aliases, where 15 are allowed; 13 levels of fields, where 12 are"
        " allowed."
    )
    assert error["extensions"]["limits"] == [
        {"name": "aliases", "has": 16, "allowed": 15},
        {"name": "depth", "has": 13, "allowed": 12},
    ]
    (error,) = json.loads(alpha.send(json.dumps({"query": "{" + " a" * 1_200 + " }"})).text)[
        "errors"
    ]
    assert "more than 1000 tokens" in error["message"]


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_what_is_no_operation(alpha: Wire, accept: str) -> None:
    for name, body in BODIES.items():
        answer = alpha.send(body, Accept=accept)
        if name in OF_NO_OPERATION:
            is_said(answer, accept, "OPERATION_RESOLUTION_FAILURE")
        else:
            assert 400 <= answer.status < 500, name
            codes = {"BAD_REQUEST", "GRAPHQL_PARSE_FAILED"}
            (code,) = answer.codes & codes
            is_said(answer, accept, code)
    for path in ("/graphql", "/graphql?query=", "/graphql?query=%7Bme", "/graphql?variables=%7B"):
        answer = alpha.send(None, method="GET", path=path, kind=None, Accept=accept)
        assert answer.status == (200 if "me" in path and accept == OLD else 400)
        assert answer.codes <= {"BAD_REQUEST", "GRAPHQL_PARSE_FAILED"}
        is_said(answer, accept, next(iter(answer.codes)))
    many = "&".join(f"a{n}=1" for n in range(1_100))
    answer = alpha.send(None, method="GET", path=f"/graphql?{many}", kind=None, Accept=accept)
    assert answer.status == 400
    is_said(answer, accept, "BAD_REQUEST")


def test_queries_by_get(alpha: Wire, tokens: dict[str, str]) -> None:
    wanted = {"query": "query A($n: Int) { programs(first: $n) { edges { cursor } } }"}
    for variables, accept in product(({"n": 1}, {}, None), (NEW, OLD, "*/*")):
        given = {**wanted, "variables": variables, "operationName": "A"}
        answer = get(alpha, given, accept)
        assert (answer.status, len(answer.data["edges"])) == (200, 1)
        assert answer.headers["cache-control"] == "no-store"
    assert get(alpha, {"query": ME}, token=tokens["customer"]).data["__typename"] == "Customer"


@pytest.mark.parametrize("accept", [NEW, OLD, "*/*"])
def test_no_mutation_by_get(alpha: Wire, tokens: dict[str, str], accept: str) -> None:
    two = "query Q { me { __typename } } mutation M { signOut }"
    for given in ({"query": "mutation { signOut }"}, {"query": two, "operationName": "M"}):
        answer = get(alpha, given, accept, token=tokens["customer"])
        assert (answer.status, answer.headers["allow"]) == (405, "GET, POST, OPTIONS")
        is_said(answer, accept, "BAD_REQUEST")
    assert alpha.ask(ME, token=tokens["customer"]).data["__typename"] == "Customer"


def test_a_cookie_signs_nobody_in_by_get(alpha: Wire, tokens: dict[str, str]) -> None:
    """Another site can send a browser there with its cookies, and measure how long it takes."""
    answer = get(alpha, {"query": ME}, Cookie=f"plusone={tokens['owner']}")
    assert answer.data == {"__typename": "Anonymous"}


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_other_methods_and_forged_requests(
    alpha: Wire, tokens: dict[str, str], accept: str
) -> None:
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        answer = alpha.send("{}", method=method, Accept=accept)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, POST, OPTIONS")
        is_said(answer, accept, "BAD_REQUEST")
    cookie = f"plusone={tokens['customer']}"
    answer = alpha.send(json.dumps({"query": ME}), Accept=accept, Cookie=cookie)
    assert answer.status == 403
    is_said(answer, accept, "FORBIDDEN")
    assert json.loads(answer.text)["errors"][0]["extensions"]["reason"] == "forged"


def test_an_error_of_a_field_leaves_the_rest(alpha: Wire) -> None:
    """It comes with `data`: null where nothing can stand without the field."""
    whole = json.loads(alpha.send(json.dumps({"query": "{ levels { periodDays } }"})).text)
    assert whole["data"] is None
    assert whole["errors"][0]["path"] == ["levels"]


def test_a_page_for_browsers(alpha: Wire) -> None:
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    answer = get(alpha, {"query": ME}, browser)
    assert (answer.status, answer.headers["location"]) == (302, "/sign-in?next=/graphql")


@pytest.mark.parametrize("accept", [NEW, OLD, "*/*"])
def test_where_no_business_lives(alpha: Wire, accept: str) -> None:
    nowhere = Wire(alpha.server, "nowhere")
    for answer in (
        nowhere.send(json.dumps({"query": ME}), Accept=accept),
        get(nowhere, {"query": ME}, accept),
    ):
        assert answer.status == 404
        is_said(answer, accept, "NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($a: ID!) { cardChanged(cardId: $a) { id } }", "BAD_USER_INPUT"),
        (ME, "LIMIT_EXCEEDED"),
    ],
)
def test_a_stream_of_what_cannot_be_run(
    alpha: Wire, tokens: dict[str, str], query: str, code: str
) -> None:
    body = json.dumps({"query": query})
    answer = alpha.send(body, path="/graphql/stream", token=tokens["staff"])
    events = [line for line in answer.text.splitlines() if line.startswith("data: {")]
    (found,) = [json.loads(line.removeprefix("data: ")) for line in events]
    assert set(found) == {"errors"}
    assert {error["extensions"]["code"] for error in found["errors"]} == {code}


STREAM = "text/event-stream"
FOLLOW = json.dumps({"query": "subscription { cardChanged(cardId: 1) { id } }"})
# What is wrong with a request for a stream, as `Wire.send` takes it, with its status and code.
NO_STREAMS: list[tuple[dict[str, Any], int, str]] = [
    *(({"method": method}, 405, "BAD_REQUEST") for method in ("PUT", "PATCH", "DELETE", "TRACE")),
    ({"Accept": "*/*"}, 406, "BAD_REQUEST"),
    ({"kind": "text/plain"}, 415, "BAD_REQUEST"),
    ({"kind": "multipart/form-data"}, 415, "BAD_REQUEST"),
    ({"kind": None}, 415, "BAD_REQUEST"),
    ({"body": "["}, 400, "BAD_REQUEST"),
    ({"body": "[]"}, 400, "BAD_REQUEST"),
    ({"body": b"\xff"}, 400, "BAD_REQUEST"),
    ({"body": '{"query": 1}'}, 400, "BAD_REQUEST"),
    ({"body": '{"query": "{me", "variables": []}'}, 400, "BAD_REQUEST"),
    ({"body": " " * 300_000}, 413, "BAD_REQUEST"),
    ({"token": "nobody"}, 401, "UNAUTHENTICATED"),
    ({"token": None}, 401, "UNAUTHENTICATED"),
    ({"business": "nowhere"}, 404, "NOT_FOUND"),
]


@pytest.mark.parametrize("accept", [STREAM, f"{STREAM}, {NEW}"])
@pytest.mark.parametrize("wrong", NO_STREAMS)
def test_what_is_no_stream(
    alpha: Wire, tokens: dict[str, str], accept: str, wrong: tuple[dict[str, Any], int, str]
) -> None:
    given, status, code = wrong
    asked = {"token": tokens["staff"], "Accept": accept, **given}
    wire = Wire(alpha.server, asked.pop("business", "alpha"))
    answer = wire.send(asked.pop("body", FOLLOW), path="/graphql/stream", **asked)
    assert answer.status == status
    is_said(answer, asked["Accept"], code)
    assert ("allow" in answer.headers) == (status == 405)


def test_every_refusal_of_a_stream_is_documented() -> None:
    assert {status for _, status, _ in NO_STREAMS} <= set(STATUSES)


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_a_body_that_is_too_large(alpha: Wire, accept: str) -> None:
    answer = alpha.send(b" " * 300_000, Accept=accept)
    assert answer.status == 413
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert answer.codes == {"BAD_REQUEST"}
