"""Ways in which code of one business ran on another's connection elsewhere; none does here."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import copy_context

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from graphql_api.live.read import read
from loyalty.db.roundtrip import Query, send, transaction
from loyalty.models import Location
from tenants import context
from tenants.context import NoBusinessError
from tests.harness.threads import closing, in_thread, reported_path

pytestmark = pytest.mark.usefixtures("django_db_setup", "unblocked")
NAMES = {"alpha": "Alpha Coffee", "beta": "Beta Coffee"}
MANY = ["alpha", "beta", "beta", "alpha"] * 15


def _name() -> str:
    return Location.objects.get().name


def _raw_name() -> str:
    found: Query[str] = Query("SELECT name FROM loyalty_location", row=lambda row: str(row[0]))
    send(found)
    return found.only


@asynccontextmanager
async def _clean_threads() -> AsyncIterator[None]:
    try:
        yield
    finally:
        await sync_to_async(connections.close_all)()


def _interleaved(ask: Callable[[], Awaitable[str]]) -> list[str]:
    async def one(schema: str) -> str:
        with context.business(schema):
            await asyncio.sleep(0)
            first = await ask()
            await asyncio.sleep(0)
            assert await ask() == first
            return first

    async def everybody() -> list[str]:
        async with _clean_threads():
            return await asyncio.gather(*(one(schema) for schema in MANY))

    return asyncio.run(everybody())


async def _async_orm() -> str:
    return (await Location.objects.aget()).name


async def _async_for() -> str:
    return [row.name async for row in Location.objects.all()][0]  # noqa: RUF015  the loop is the test


async def _sensitive() -> str:
    return await sync_to_async(_name)()


async def _insensitive() -> str:
    return await sync_to_async(lambda: closing(_name), thread_sensitive=False)()


async def _live_read() -> str:
    return await read(_name)


async def _to_thread() -> str:
    return await asyncio.to_thread(lambda: closing(_raw_name))


@pytest.mark.parametrize(
    "ask", [_async_orm, _async_for, _sensitive, _insensitive, _live_read, _to_thread]
)
def test_interleaved_tasks_each_read_their_own(ask: Callable[[], Awaitable[str]]) -> None:
    assert _interleaved(ask) == [NAMES[schema] for schema in MANY]


@pytest.mark.parametrize("work", [_name, _raw_name])
def test_an_executor_without_the_context_reads_nothing(work: Callable[[], str]) -> None:
    async def run() -> str:
        with context.business("beta"):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(None, closing, work)

    with pytest.raises(NoBusinessError):
        asyncio.run(run())


@pytest.mark.parametrize("work", [_name, _raw_name])
def test_a_thread_that_served_somebody_serves_nobody_else(work: Callable[[], str]) -> None:
    def first_beta_then_nobody() -> str:
        with context.business("beta"):
            found = work()
        with pytest.raises(NoBusinessError):
            work()
        return found

    assert in_thread(first_beta_then_nobody) == NAMES["beta"]


def test_two_threads_at_once() -> None:
    wrong: list[str] = []
    start = threading.Barrier(2)

    def serve(schema: str) -> None:
        start.wait(5)
        for number in range(100):
            with context.business(schema):
                found = _name() if number % 2 else _raw_name()
            if found != NAMES[schema]:
                wrong.append(found)

    threads = [threading.Thread(target=closing, args=[lambda s=s: serve(s)]) for s in NAMES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_one_thread_for_both_in_turn() -> None:
    for number in range(60):
        schema = MANY[number % 4]
        with context.business(schema):
            assert (_name, _raw_name)[number % 2]() == NAMES[schema]
            assert reported_path() == f"{schema},public"


def test_a_task_that_outlives_its_request_keeps_its_business() -> None:
    async def later(turn: asyncio.Event) -> str:
        await turn.wait()
        return await read(_name)

    async def request(turn: asyncio.Event) -> asyncio.Task[str]:
        with context.business("beta"):
            return asyncio.create_task(later(turn))

    async def run() -> str:
        turn = asyncio.Event()
        task = await request(turn)
        with context.business("alpha"):
            turn.set()
            return await task

    assert asyncio.run(run()) == NAMES["beta"]


def test_raw_statements_after_another_business() -> None:
    with context.business("beta"):
        assert _name() == NAMES["beta"]
    # The connection still stands at beta: the raw trip must set the path itself.
    assert reported_path() == "beta,public"
    assert _raw_name() == NAMES["alpha"]
    assert reported_path() == "alpha,public"


def test_a_raw_transaction_that_is_undone() -> None:
    for schema in ("beta", "alpha", "beta"):
        with context.business(schema), transaction() as tx:
            found: Query[str] = Query(
                "SELECT name FROM loyalty_location", row=lambda row: str(row[0])
            )
            tx.send(found)
            assert found.only == NAMES[schema]
        # Left without finish(): Postgres took the SET back too.
        assert _raw_name() == NAMES["alpha"]


def test_a_raw_statement_that_fails_forgets_the_path() -> None:
    for schema in ("beta", "alpha", "beta"):
        with context.business(schema), pytest.raises(Exception, match="division by zero"):
            send(Query("SELECT 1 / 0"))
        assert _raw_name() == NAMES["alpha"]
        assert _name() == NAMES["alpha"]


def test_prepared_statements_follow_the_path() -> None:
    # The same text, prepared on the server for one business, is then run for the other.
    connection.ensure_connection()
    assert connection.connection is not None
    connection.connection.prepare_threshold = 0
    for number in range(24):
        schema = ("alpha", "beta")[number % 2]
        with context.business(schema):
            assert _raw_name() == NAMES[schema]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] > 0


def test_a_copied_context_is_not_shared_back() -> None:
    inside = copy_context()
    inside.run(context.activate, "beta")
    assert inside.run(_name) == NAMES["beta"]
    assert _name() == NAMES["alpha"]
