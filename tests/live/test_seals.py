"""The job worker seals what people do, within ten seconds."""

import threading
import time
from collections.abc import Callable

import pytest

from loyalty.books.broken_seals import ChainWalk
from loyalty.models import Event, LedgerEntry, Seal
from tests.factories import selling
from tests.factories.operations import COLLECT
from tests.harness import databases
from tests.harness.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers")]
PROMISED = 10.0


def _until(is_so: Callable[[], bool]) -> float:
    """How many seconds it took."""
    started = time.monotonic()
    while not is_so():
        assert time.monotonic() - started < PROMISED
        threading.Event().wait(0.05)
    return time.monotonic() - started


def _all_sealed() -> bool:
    covered = {kind: set[int]() for kind in ("events", "entries")}
    for events, entries in Seal.objects.values_list("events", "entries"):
        covered["events"].update(events)
        covered["entries"].update(entries)
    return covered == {
        "events": set(Event.objects.values_list("id", flat=True)),
        "entries": set(LedgerEntry.objects.values_list("id", flat=True)),
    }


@pytest.mark.usefixtures("unblocked")
def test_a_collect_is_sealed_within_ten_seconds(servers: Servers) -> None:
    where, staff, (ann,) = selling.inside(servers, ["ann@alpha.example"])
    counter = Client(servers.web[0], "alpha", staff.token)
    phone = Client(servers.web[1], "alpha", ann.token)
    for _ in range(2):
        token = selling.mint(counter, where)["token"]
        assert phone.ask(COLLECT, input={"token": token})["__typename"] == "Collected"
        with databases.connected_to(servers.database_name):
            _until(_all_sealed)
            assert list(ChainWalk().broken(progress=lambda _rows: None)) == []
