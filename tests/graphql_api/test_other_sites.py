"""What a page of another site can make a browser send: nothing of it is done."""

import pytest

from tests.factories.operations import ME
from tests.harness.hostile import operation
from tests.harness.wire import Wire

pytestmark = pytest.mark.xdist_group("servers")
KINDS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "x"]
KINDS += ["application/graphql", "", "text/plain; x=application/json", "multipart/form-data"]


@pytest.mark.parametrize(("path", "refused"), [("/graphql", 400), ("/graphql/stream", 415)])
@pytest.mark.parametrize("kind", KINDS)
def test_other_content_types(
    alpha: Wire, tokens: dict[str, str], kind: str, path: str, refused: int
) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"mutation'
    bodies = [b'{"query":"mutation { signOut }"}', b"query=mutation{signOut}"]
    for body in [*bodies, form + b' { signOut }"}\r\n--b--\r\n']:
        answer = alpha.send(body, kind=kind, path=path, token=tokens["customer"])
        assert answer.status == refused
    assert alpha.ask(ME, token=tokens["customer"]).data["__typename"] == "Customer"


def test_a_cookie_alone_changes_nothing(alpha: Wire, tokens: dict[str, str]) -> None:
    """Forged by another site: the browser adds the cookie, but cannot add the token of a form."""
    cookie = f"plusone={tokens['customer']}"
    body = b'{"query":"mutation { signOut }"}'
    for headers in ({}, {"Authorization": ""}, {"Cookie": f"{cookie}; csrf=x", "X-CSRFToken": "y"}):
        assert alpha.send(body, **{"Cookie": cookie, **headers}).status == 403
    secret = "a" * 32
    good = {"Cookie": f"{cookie}; csrf={secret}", "X-CSRFToken": secret}
    origin = {"Origin": f"http://alpha.localhost:{alpha.server.port}"}
    assert alpha.send(body, **good, Origin="https://evil.example").status == 403
    assert alpha.send(operation(ME), **good, **origin).data["__typename"] == "Customer"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods(alpha: Wire, tokens: dict[str, str], method: str) -> None:
    for query in ("%7Bme%7B__typename%7D%7D", "mutation%7BsignOut%7D"):
        cookie = {"Cookie": f"plusone={tokens['customer']}"}
        answer = alpha.send(None, method=method, path=f"/graphql?query={query}", **cookie)
        if method == "GET" and query.startswith("%7B"):
            # A read, and not even one of the person who holds the cookie.
            assert (answer.status, answer.data) == (200, {"__typename": "Anonymous"})
        else:
            assert answer.status == 405
    assert alpha.ask(ME, token=tokens["customer"]).data["__typename"] == "Customer"


def test_other_sites_are_promised_nothing(alpha: Wire) -> None:
    answer = alpha.send(None, method="OPTIONS", Origin="https://evil.example")
    assert not [name for name in answer.headers if name.startswith("access-control-")]
