"""A request that fails leaves nothing behind for the thread's next one."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, connections

from loyalty.base.errors import Refused
from loyalty.db.roundtrip import Query, clock, database_now, transaction
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import EarnSession
from loyalty.sessions.live_session import LiveSession
from tenants import context
from tests.factories.people import as_staff, place

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.mark.parametrize("broken", ["SELECT 1/0", "SELECT 'x'::int", "SELECT * FROM nowhere"])
def test_a_failed_first_trip_is_taken_back(broken: str) -> None:
    with pytest.raises(DatabaseError), transaction() as tx:
        tx.send(clock(), Query(broken))
    with context.business("beta"):
        now = database_now()
        assert now
        assert EarnSession.objects.count() == 0
    with transaction() as tx:
        tx.finish(clock())
    connection.close()


def test_twins_with_one_key_get_one_session() -> None:
    where = place()
    wanted = SaleInput(where.program_id, where.location_id)
    staff = as_staff()
    for round_number in range(5):
        start = threading.Barrier(8)

        def twin(key: str = f"key-{round_number}", start: threading.Barrier = start) -> LiveSession:
            with context.business("alpha"):
                try:
                    start.wait(timeout=20)
                    return mint(wanted, actor=staff, token_key="k", idempotency_key=key)
                finally:
                    connections.close_all()

        assert len({each.token for each in _at_once(twin)}) == 1
    assert EarnSession.objects.count() == 5
    connection.close()


@pytest.mark.parametrize("quantity", [-1, 2**31, 2**62])
def test_a_count_that_no_sale_has_is_refused(quantity: int) -> None:
    where = place()
    wanted = SaleInput(where.program_id, where.location_id, quantity=quantity)
    with pytest.raises(Refused):
        mint(wanted, actor=as_staff(), token_key="k")
    assert not EarnSession.objects.exists()
    connection.close()


def _at_once(work: Callable[[], LiveSession]) -> list[LiveSession]:
    with ThreadPoolExecutor(8) as pool:
        return [call.result() for call in [pool.submit(work) for _ in range(8)]]
