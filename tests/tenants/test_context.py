"""The business of the running code."""

import asyncio
import threading
from contextlib import suppress

import pytest
from django.db import connection

from tenants import context
from tenants.context import NoBusinessError
from tenants.models import Business
from tests.harness.threads import in_thread


def test_blocks_nest_and_end_by_errors_too() -> None:
    with context.business("beta"):
        with suppress(LookupError), context.public():
            assert context.current_schema() == "public"
            raise LookupError
        assert context.current_schema() == "beta"
    assert context.current_schema() == "alpha"


def test_a_plain_thread_has_no_business() -> None:
    assert in_thread(context.current_schema) is None
    with pytest.raises(NoBusinessError):
        in_thread(context.required_schema)


@pytest.mark.usefixtures("django_db_setup", "unblocked")
def test_a_thread_without_business_cannot_query() -> None:
    def raw() -> None:
        with connection.cursor():
            pytest.fail("A cursor for nobody.")

    for query in (raw, Business.objects.count):
        with pytest.raises(NoBusinessError):
            in_thread(query)


def test_tasks_keep_their_own_business() -> None:
    async def one(schema: str, turn: asyncio.Event) -> str | None:
        with context.business(schema):
            await turn.wait()
            return context.current_schema()

    async def both() -> list[str | None]:
        turn = asyncio.Event()
        tasks = [asyncio.create_task(one(name, turn)) for name in ("alpha", "beta") * 20]
        await asyncio.sleep(0)
        turn.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(both()) == ["alpha", "beta"] * 20


def test_two_threads_switch_at_once_without_meeting() -> None:
    seen: dict[str, set[str | None]] = {"alpha": set(), "beta": set()}
    start = threading.Barrier(2)

    def switch(schema: str) -> None:
        start.wait(5)
        for _ in range(2_000):
            with context.business(schema):
                seen[schema].add(context.current_schema())

    threads = [threading.Thread(target=switch, args=[name]) for name in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"alpha": {"alpha"}, "beta": {"beta"}}


def test_django_tenants_own_switches_are_refused() -> None:
    business = Business(schema_name="beta")
    with pytest.raises(TypeError, match=r"context\.business"):
        business.__enter__()
    with pytest.raises(TypeError, match=r"context\.business"):
        business.activate()
    assert context.current_schema() == "alpha"
