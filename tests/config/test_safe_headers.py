"""Headers that all kinds of answers carry."""

from collections.abc import Iterator

import httpx
import pytest

from tests.harness.servers import Server, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
STATIC = "/static/graphql_api/vendor/graphiql-3.8.3/graphiql.min.js"
ME = b'{"query":"{ me { __typename } }"}'
JSON = {"Content-Type": "application/json"}
STREAM = {**JSON, "Accept": "text/event-stream"}
KINDS: dict[str, tuple[str, str, bytes, dict[str, str]]] = {
    "a page": ("GET", "/sign-in", b"", {"Accept": "text/html"}),
    "a page that is not there": ("GET", "/nowhere", b"", {"Accept": "text/html"}),
    "a redirect": ("GET", "/staff", b"", {}),
    "a form": ("POST", "/sign-in", b"x=y", {"Content-Type": "application/x-www-form-urlencoded"}),
    "a call": ("POST", "/graphql", ME, JSON),
    "a broken call": ("POST", "/graphql", b"{", JSON),
    "a call by a wrong method": ("PUT", "/graphql", ME, JSON),
    "a preflight": ("OPTIONS", "/graphql", b"", {"Origin": "https://x.example"}),
    "a stream": ("POST", "/graphql/stream", ME, STREAM),
    "no stream": ("POST", "/graphql/stream", ME, JSON),
    "a broken stream": ("POST", "/graphql/stream", b"{", STREAM),
    "a preflight of a stream": ("OPTIONS", "/graphql/stream", b"", {}),
    "a socket without an upgrade": ("GET", "/graphql/ws", b"", {}),
    "a file": ("GET", STATIC, b"", {}),
    "a part of a file": ("GET", STATIC, b"", {"Range": "bytes=0-9"}),
    "no part of a file": ("GET", STATIC, b"", {"Range": "bytes=9999999-"}),
    "a file by a wrong method": ("POST", STATIC, b"x", {}),
    "a file that is not there": ("GET", "/static/nothing.js", b"", {}),
    "a photo that is not sent": ("POST", "/products/photo", b"x", {}),
    "too large a body": ("POST", "/graphql", b"x" * 300_000, JSON),
    "health": ("GET", "/healthz", b"", {}),
    "readiness": ("GET", "/readyz", b"", {}),
    "an unknown host": ("GET", "/", b"", {"Host": "nobody.example"}),
    "the platform": ("GET", "/", b"", {"Host": "localhost"}),
}


@pytest.fixture(scope="module")
def secure(servers: Servers) -> Iterator[Server]:
    # The demo has no TLS.
    with servers.another(SCHEME="https", DEMO_DIR="") as server:
        yield server


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_guessed_and_tls_is_kept(secure: Server, kind: str) -> None:
    method, path, body, headers = KINDS[kind]
    answer = httpx.request(
        method,
        f"http://{secure.address}{path}",
        content=body,
        headers={"Host": f"alpha.localhost:{secure.port}", **headers},
        timeout=60,
    )
    assert answer.headers.get_list("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.get_list("Strict-Transport-Security") == ["max-age=31536000"]


def test_without_tls_browsers_are_not_bound_to_it(servers: Servers) -> None:
    answer = httpx.get(f"http://{servers.web[0].address}/healthz")
    assert "Strict-Transport-Security" not in answer.headers
