"""Workers that seal at once, and transactions that commit late, make one chain."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections, transaction

from loyalty.base import tokens
from loyalty.books.broken_seals import ChainWalk, SealFault
from loyalty.books.seal import seal
from loyalty.db.roundtrip import database_now
from loyalty.models import Event, LedgerEntry, Seal
from tests.factories.visits import visit
from tests.harness.threads import closing


def _broken() -> list[SealFault]:
    return list(ChainWalk().broken(progress=lambda _rows: None))


@pytest.mark.usefixtures("own_database")
def test_what_commits_late_is_sealed_later() -> None:
    with connections["owner"].cursor() as other, transaction.atomic(using="owner"):
        # Its id was drawn nine minutes ago and is smaller than all that are sealed before it.
        now = database_now()
        early = tokens.ordered_id(now - timedelta(minutes=9), random=0)
        other.execute(
            "INSERT INTO loyalty_event (id, kind, at) VALUES (%s, 'minted', now())", [early]
        )
        visit()
        assert seal() == 3
    assert seal() == 1
    assert Seal.objects.get(number=2).events == [early] < Seal.objects.get(number=1).events
    assert (seal(), _broken()) == (0, [])


@pytest.mark.usefixtures("own_database")
def test_many_at_once_make_one_chain() -> None:
    for turn in range(10):
        visit()
        start = Barrier(4)

        def work(start: Barrier = start) -> int:
            start.wait()
            return seal()

        with ThreadPoolExecutor(4) as pool:
            calls = [pool.submit(copy_context().run, closing, work) for _ in range(4)]
            sealed = sorted(call.result() for call in calls)
        assert sealed[:3] == [0, 0, 0]
        assert sealed[3] == Seal.objects.get(number=turn + 1).count
    assert Seal.objects.count() == 10
    counts = Seal.objects.values_list("count", flat=True)
    assert sum(counts) == Event.objects.count() + LedgerEntry.objects.count()
    assert _broken() == []
