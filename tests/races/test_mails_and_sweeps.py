"""A mail to sign in waits for no sweep: a real worker, with its hands full."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django_q.models import OrmQ
from django_q.tasks import async_task

from loyalty.db.enqueue import enqueue
from loyalty.waiting.request_link import LinkAsker, request_link
from tenants import context
from tests.harness import databases
from tests.harness.servers import Servers
from tests.local.waiting import until

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
SECONDS = 3.0
_LOCK = 4711
_WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"


@contextmanager
def busy(servers: Servers, *, businesses: int) -> Iterator[None]:
    """Every worker of sweeps is held up, and further ones wait behind it."""
    with psycopg.connect(servers.database_url, autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        with databases.connected_to(servers.database_name):
            for _ in range(businesses):
                async_task("tests.harness.work.wait_behind", _LOCK)
        until(lambda: line.execute(_WAITING, [_LOCK]).fetchone())
        yield
    # The lock went with its connection.
    with databases.connected_to(servers.database_name), context.public():
        until(lambda: not OrmQ.objects.exists(), within=40)


def mailed(servers: Servers, email: str) -> bool:
    folder = servers.folder / "outbox" / "alpha"
    return any(f"To: {email}" in path.read_text() for path in folder.glob("*.eml"))


def test_a_sign_in_mail_passes_the_sweeps_of_four_businesses(servers: Servers) -> None:
    email = "hurry@alpha.example"
    with busy(servers, businesses=4):
        started = time.monotonic()
        with databases.connected_to(servers.database_name):
            request_link(email, who=LinkAsker("192.0.2.77", "en"), token_key="k")
            until(lambda: mailed(servers, email), within=SECONDS)
        assert time.monotonic() - started <= SECONDS


def test_a_sign_in_mail_passes_a_days_warnings(servers: Servers) -> None:
    email, warnings = "later@alpha.example", 300
    with databases.connected_to(servers.database_name):
        for _ in range(warnings):
            # Of nobody: read, and nothing to tell.
            enqueue("loyalty.jobs.send_expiry_mail", 1, "2026-01-01T00:00:00+00:00")
        request_link(email, who=LinkAsker("192.0.2.78", "en"), token_key="k")
        until(lambda: mailed(servers, email), within=SECONDS)
        with context.public():
            assert OrmQ.objects.filter(key="warnings").exists()
            until(lambda: not OrmQ.objects.exists(), within=60)
