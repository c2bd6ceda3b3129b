"""Photos on real sockets: strangers' bodies are not read, slow ones are in nobody's way."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from socket import create_connection, socket

import httpx
import pytest
from django.conf import settings

from config.uploads import HELD_AT_ONCE, HELD_OF_PERSON, LIMITS
from loyalty.base.values import Role
from loyalty.models import Product, ProductPhoto
from tenants import context
from tests.factories import people
from tests.factories.people import ALPHA, BETA
from tests.factories.pictures import png
from tests.factories.selling import inside, mint
from tests.harness import databases
from tests.harness.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
# An answer that nothing waits for, on a machine that has much else to do.
AT_ONCE = 4.0
FORM = "a" * 32


def manager(servers: Servers, business: str = ALPHA, role: Role = Role.MANAGER) -> str:
    """The token of one of the business's people in the servers' database."""
    with databases.connected_to(servers.database_name), context.business(business):
        return people.staff(role).token


def photos(servers: Servers) -> list[object]:
    """All that an upload could have changed."""
    found: list[object] = []
    for business in (ALPHA, BETA):
        with databases.connected_to(servers.database_name), context.business(business):
            found += [*Product.objects.order_by("id").values_list("id", "photo")]
            found += [*ProductPhoto.objects.order_by("key").values_list("key")]
    return found


def head(servers: Servers, host: str, token: str | None, **more: str) -> bytes:
    """What comes before the body of an upload of 5 MB."""
    lines = [
        f"POST {settings.UPLOAD_PATH}?product=1 HTTP/1.1",
        f"Host: {host}:{servers.web[0].port}",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Length: 5000000",
        *([f"Cookie: {settings.PERSON_COOKIE}={token}"] if token else []),
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@contextmanager
def begun(servers: Servers, sent: bytes) -> Iterator[socket]:
    """A connection on which these bytes were sent, and nothing more."""
    with create_connection(("127.0.0.1", servers.web[0].port), timeout=90) as line:
        line.sendall(sent)
        yield line


def answer(line: socket) -> int:
    """The status, after the server has ended the connection."""
    said = b""
    while part := line.recv(65536):
        said += part
    return int(said.split(b" ", 2)[1])


def save(servers: Servers, business: str, token: str) -> httpx.Response:
    """Send a picture as a browser does."""
    with databases.connected_to(servers.database_name), context.business(business):
        product = Product.objects.values_list("pk", flat=True).order_by("pk")[0]
    host = f"{business}.localhost:{servers.web[0].port}"
    cookies = f"{settings.PERSON_COOKIE}={token}; {settings.CSRF_COOKIE_NAME}={FORM}"
    return httpx.post(
        f"http://{servers.web[0].address}{settings.UPLOAD_PATH}?product={product}",
        headers={"Host": host, "Cookie": cookies, "Origin": f"http://{host}"},
        data={"csrfmiddlewaretoken": FORM},
        files={"photo": ("cake.png", png("red"), "image/png")},
        timeout=60,
    )


def sell(servers: Servers) -> float:
    """The seconds that a sale at the counter takes."""
    where, staff, _ = inside(servers, [])
    counter = Client(servers.web[0], ALPHA, staff.token)
    started = time.monotonic()
    mint(counter, where)
    return time.monotonic() - started


def test_a_strangers_body_is_not_waited_for(servers: Servers) -> None:
    before = photos(servers)
    ours, theirs = manager(servers), manager(servers, BETA)
    staff = manager(servers, role=Role.STAFF)
    with databases.connected_to(servers.database_name):
        ann = people.customer("ann@alpha.example").token
    host = "alpha.localhost"
    cases = [
        (head(servers, host, None), 302),
        (head(servers, host, "no-such-token"), 302),
        (head(servers, host, theirs), 302),
        (head(servers, host, staff), 403),
        (head(servers, host, ann), 403),
        (head(servers, host, ours, Origin="https://evil.example"), 403),
        (head(servers, host, ours, Origin="http://["), 403),
        (head(servers, "nobody.localhost", ours), 404),
    ]
    for sent, expected in cases:
        started = time.monotonic()
        with begun(servers, sent) as line:
            assert answer(line) == expected
        assert time.monotonic() - started < AT_ONCE
    assert photos(servers) == before


def test_a_strangers_body_that_nobody_reads_is_no_hang_up(servers: Servers) -> None:
    server = servers.web[0]
    host = {"Host": f"{ALPHA}.localhost:{server.port}"}
    seen = {
        httpx.post(
            f"http://{server.address}{settings.UPLOAD_PATH}", content=b"x" * 1_000, headers=host
        ).status_code
        for _ in range(60)
    }
    assert seen == {302}


def test_a_manager_saves_a_photo(servers: Servers) -> None:
    assert save(servers, ALPHA, manager(servers)).status_code == 303


def test_slow_photos_are_in_nobodys_way(servers: Servers) -> None:
    """Strangers and a manager leave more photos half sent than there are places for."""
    slow, other = manager(servers), manager(servers, BETA)
    with ExitStack() as open_lines:
        for _ in range(HELD_AT_ONCE):
            open_lines.enter_context(begun(servers, head(servers, "alpha.localhost", None) + b"-"))
        mine = [
            open_lines.enter_context(begun(servers, head(servers, "alpha.localhost", slow) + b"-"))
            for _ in range(2 * HELD_OF_PERSON)
        ]
        started = time.monotonic()
        assert save(servers, BETA, other).status_code == 303
        # A colleague of the same business has a place too.
        assert save(servers, ALPHA, manager(servers, role=Role.OWNER)).status_code == 303
        assert max(sell(servers) for _ in range(10)) < AT_ONCE
        assert time.monotonic() - started < LIMITS.patience + AT_ONCE
        with ThreadPoolExecutor(len(mine)) as pool:
            assert set(pool.map(answer, mine)) == {408}
        assert time.monotonic() - started < 2 * LIMITS.patience + AT_ONCE


def test_a_body_that_only_drips_ends_early(servers: Servers) -> None:
    sent = head(servers, "alpha.localhost", manager(servers))
    started = time.monotonic()
    with begun(servers, sent) as line, ThreadPoolExecutor(1) as pool:
        end = pool.submit(answer, line)
        try:
            while not end.done():
                line.sendall(b"-" * 512)
                time.sleep(0.1)
        except ConnectionError:
            pass
        assert end.result() == 408
    assert time.monotonic() - started < LIMITS.patience + AT_ONCE
    assert LIMITS.patience + 2 * AT_ONCE < LIMITS.seconds
