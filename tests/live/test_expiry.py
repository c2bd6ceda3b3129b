"""The daily round by a real job worker: what is over is written off, what ends soon is mailed."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django_q.tasks import async_task

from loyalty.models import Bonus, Card, LedgerEntry
from loyalty.switches import Switches
from tenants import context
from tests.factories import people
from tests.factories.campaigns import now, published, visit
from tests.harness import databases
from tests.harness.servers import Servers
from tests.local.waiting import until

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]


def _mails_to(address: str, folder: Path) -> list[EmailMessage]:
    found = (message_from_bytes(path.read_bytes(), policy=default) for path in folder.glob("*.eml"))
    return [mail for mail in found if mail["to"] == address]


def test_the_worker_writes_off_and_warns(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        for name in ("over", "soon"):
            people.customer(f"{name}@alpha.example")
        program = published(Switches(units_expire_after=1, bonus_valid_days=7), name="Expiring")
        visit(program, "over")
        for _ in range(5):
            visit(program, "soon")
        over = Card.objects.get(program=program, customer__email="over@alpha.example")
        Card.objects.filter(pk=over.pk).update(units_end_at=now() - timedelta(seconds=1))
        with context.public():
            async_task("config.jobs.expire_all")
            async_task("config.jobs.warn_all")
        entries = LedgerEntry.objects.filter(card=over, kind="expire")
        until(entries.exists, within=40)
        assert entries.get().units == -1
        folder = servers.folder / "outbox" / "alpha"
        # Other tests write to this outbox as well.
        until(lambda: _mails_to("soon@alpha.example", folder), within=40)
        (mail,) = _mails_to("soon@alpha.example", folder)
        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert Bonus.objects.get(card__program=program).warned_at is not None
