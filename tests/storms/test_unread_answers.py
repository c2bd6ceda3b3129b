"""Strangers who ask and do not read hold no thread, and no connection for long."""

import json
import time
from contextlib import ExitStack
from http.client import HTTPConnection

import httpx
import pytest
from django.conf import settings

from config.slow_readers import READING
from tests.harness.servers import Server, Servers
from tests.harness.storm import head, innocent, line, unharmed

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
LARGE = f"{settings.STATIC_URL}graphql_api/vendor/graphiql-3.8.3/graphiql.min.js"
STORMERS = 60


def _ask(raging: ExitStack, server: Server, sent: bytes) -> None:
    for _ in range(STORMERS):
        raging.enter_context(line(server, reads_little=True)).sendall(sent)


def _healthy(server: Server) -> float:
    started = time.monotonic()
    for path in ("/healthz", "/readyz"):
        assert httpx.get(f"http://{server.address}{path}", timeout=30).status_code == 200
    return time.monotonic() - started


@pytest.mark.parametrize(
    ("name", "path", "headers", "times"),
    [
        ("a large file", LARGE, (), 1),
        ("large parts of a file", LARGE, ("Range: bytes=1-3000000",), 1),
        ("three pages on each line", "/sign-in", ("Accept: text/html",), 3),
    ],
)
def test_unread_answers_are_in_nobodys_way(
    servers: Servers, name: str, path: str, headers: tuple[str, ...], times: int
) -> None:
    server = servers.web[0]
    who = innocent(servers, server)

    def storm(raging: ExitStack) -> None:
        _ask(raging, server, head(server, path, *headers) * times)
        assert _healthy(server) < 10

    unharmed(who, storm, name=name)


def test_a_file_is_whole_for_those_who_read(servers: Servers) -> None:
    address = f"http://{servers.web[0].address}{LARGE}"
    whole = httpx.get(address)
    assert len(whole.content) == int(whole.headers["content-length"]) == 3_513_539
    assert whole.headers["cache-control"] == "max-age=60, public"
    kept = {"If-None-Match": whole.headers["etag"]}
    assert httpx.get(address, headers=kept).status_code == 304
    part = httpx.get(address, headers={"Range": "bytes=1000000-1999999"})
    assert (part.status_code, part.content) == (206, whole.content[1_000_000:2_000_000])
    head_only = httpx.head(address)
    assert (head_only.status_code, head_only.content) == (200, b"")
    assert head_only.headers["content-length"] == whole.headers["content-length"]
    assert httpx.post(address, content=b"x" * 100_000).status_code == 405


def test_requests_in_a_row_are_answered_in_their_order(servers: Servers) -> None:
    server = servers.web[0]
    paths = ["/healthz", "/nowhere", "/sign-in", "/healthz"]
    with line(server) as found:
        found.sendall(b"".join(head(server, path) for path in paths[:-1]))
        found.sendall(head(server, paths[-1], "Connection: close"))
        answer = b""
        while part := found.recv(65536):
            answer += part
    statuses = [int(each[:3]) for each in answer.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 404, 200, 200]
    assert answer.endswith(json.dumps({"ok": True}).replace(" ", "").encode())


def test_a_line_is_used_again_and_again(servers: Servers) -> None:
    kept = HTTPConnection("127.0.0.1", servers.web[0].port, timeout=30)
    for path in ("/healthz", LARGE, "/nowhere", LARGE, "/healthz"):
        kept.request("GET", path, headers={"Host": "alpha.localhost"})
        answer = kept.getresponse()
        assert len(answer.read()) == int(answer.headers["content-length"])
    kept.close()


def test_whoever_does_not_read_is_hung_up_on(servers: Servers) -> None:
    server, taken = servers.web[0], 0
    with line(server, reads_little=True) as unread, line(server) as idle:
        idle.sendall(head(server, "/healthz"))
        assert idle.recv(65536)
        unread.sendall(head(server, LARGE))
        started = time.monotonic()
        while time.monotonic() - started < READING.patience + 8:
            # A byte a second is no reading.
            taken += len(unread.recv(1))
            time.sleep(1)
        try:
            while part := unread.recv(1 << 20):
                taken += len(part)
        except ConnectionResetError:
            pass
        # What had been on its way; the rest was not kept for them.
        assert taken < 1_000_000
        # Whom nothing waits for is left alone.
        idle.sendall(head(server, "/healthz"))
        assert idle.recv(65536).startswith(b"HTTP/1.1 200")
