"""Four businesses import a large history twice; books, review and mails go on as ever.

`make imports` plays it with 70,000 lines, here it is some hundreds.
"""

import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django_q.tasks import async_task

from hosting.open_business import NewBusiness, open_business
from loyalty.base.values import Role
from loyalty.findings.facts import is_there_news
from loyalty.models import Anomaly, Event
from loyalty.programs.set_up_business import FirstPerson
from loyalty.waiting.request_link import LinkAsker, request_link
from tenants import context
from tests.factories import people
from tests.factories.history import stamp_spend
from tests.factories.sales import sold
from tests.harness import databases
from tests.harness.servers import Servers
from tests.local.waiting import until
from tests.races.test_poor_plans import LINES, analyzed, table

BUSINESSES = ["alpha", "beta", "gamma", "delta"]
MAIL_SECONDS = 3.0
REVIEW_SECONDS = 5.0


@pytest.fixture
def servers(own_database: str, tmp_path: Path) -> Iterator[Servers]:
    """A job worker alone, on this test's database."""
    running = Servers(databases.url(own_database), folder=tmp_path)
    running.start_jobs()
    yield running
    running.stop()


def opened() -> None:
    """Two businesses more."""
    for schema in BUSINESSES[2:]:
        person = FirstPerson("Staff", Role.STAFF, f"staff@{schema}.example", people.PASSWORD)
        wanted = NewBusiness(
            schema, schema.title(), f"{schema}.localhost", plan=people.PLANS["alpha"]
        )
        with context.public():
            open_business(wanted, people=(person,))


def imported(path: Path, schema: str, say: list[str]) -> None:
    """The file into two programs, one right after the other."""
    for _ in range(2):
        program = stamp_spend()
        out, started = StringIO(), time.monotonic()
        words = (str(path), "--business", schema, "--program", str(program.pk))
        call_command("import_history", *words, stdout=out, stderr=StringIO())
        assert f"{LINES:,} new, 0 imported before" in out.getvalue()
        say.append(f"{LINES / (time.monotonic() - started):,.0f} lines a second")
        # As autovacuum does when it comes by.
        analyzed()


def mailed(folder: Path, email: str) -> bool:
    return any(f"To: {email}" in path.read_text() for path in folder.glob("outbox/alpha/*.eml"))


def test_four_imported_businesses(
    servers: Servers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, say = table(tmp_path, LINES), list[str]()
    opened()
    for schema in BUSINESSES:
        with context.business(schema):
            imported(path, schema, say)
            email = people.customer(f"ann@{schema}.example").email
            for _ in range(6):
                sold(email=email)
    started = time.monotonic()
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    say.append(f"verify_ledger {time.monotonic() - started:.1f} s")
    assert out.getvalue().splitlines() == [
        f"{n}/4 {schema}: nothing wrong" for n, schema in enumerate(BUSINESSES, start=1)
    ]
    started = time.monotonic()
    with context.public():
        async_task("config.jobs.review_all")
    request_link("hurry@alpha.example", who=LinkAsker("192.0.2.9", "en"), token_key="k")
    until(lambda: mailed(servers.folder, "hurry@alpha.example"), within=MAIL_SECONDS)
    say.append(f"a mail {time.monotonic() - started:.1f} s")
    until(reviewed, within=4 * REVIEW_SECONDS)
    say.append(f"four reviews {time.monotonic() - started:.1f} s")
    for schema in BUSINESSES:
        with context.business(schema):
            assert Anomaly.objects.get().kind == "often"
            assert Event.objects.count() > 2 * LINES
    with capsys.disabled():
        sys.stdout.write(f" [{', '.join(say)}] ")


def reviewed() -> bool:
    for schema in BUSINESSES:
        with context.business(schema):
            if is_there_news():
                return False
    return True
