"""Fixtures: a cloned database a worker, the business `alpha` active, servers where asked for."""

import logging
import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import translation

from tenants import context, hosts
from tests.factories.people import ALPHA
from tests.harness import databases
from tests.harness.servers import Servers
from tests.harness.sql_rules import Watch
from tests.minutes import (  # noqa: F401  pytest finds its hooks here
    pytest_runtest_logreport,
    pytest_terminal_summary,
)

_statements = Watch()
_MOVE = "UPDATE public.test_clock SET shift = make_interval(secs => %s)"


def pytest_configure() -> None:
    """Fixtures of a whole session look at the database too, on behalf of `alpha`."""
    context.activate(ALPHA)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    _statements.begin()


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this test process."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,  # noqa: ARG001  pytest-django's order
    django_db_blocker: pytest.FixtureDef[None],
    worker: str,
) -> Iterator[None]:
    """A clone of the template for this worker."""
    name = f"test_{worker}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        databases.clone(name)
        with databases.connected_to(name):
            yield
    databases.drop(name)


@pytest.fixture(autouse=True)
def english() -> None:
    """A page of the test before may have been answered in another language."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def business() -> Iterator[str]:
    """The test runs for `alpha`."""
    hosts.forget()
    with context.business(ALPHA):
        yield ALPHA


@pytest.fixture(autouse=True)
def spreadable_statements() -> Iterator[None]:
    """No statement of the test breaks a rule of docs/scaling.md."""
    _statements.broken.clear()
    yield
    assert _statements.broken == []


@pytest.fixture
def own_database(
    django_db_setup: None,  # noqa: ARG001  the template must be there
    django_db_blocker: pytest.FixtureDef[None],
    worker: str,
) -> Iterator[str]:
    """A database of this test's own, where everything it does is committed."""
    name = f"own_{worker}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        databases.clone(name)
        with databases.connected_to(name):
            yield name
    databases.drop(name)


@pytest.fixture
def move_clock(db: None) -> Callable[[timedelta], None]:  # noqa: ARG001  it moves this test's clock
    """Moves the product's clock by so much, counted from the start of the next hour.

    From there, no window of a quarter of an hour or an hour ends while a test runs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('hour', clock_timestamp()) + '1 h' - clock_timestamp()")
        until_then: timedelta = cursor.fetchone()[0]

    def move(shift: timedelta) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [(until_then + shift).total_seconds()])

    move(timedelta(0))
    return move


@pytest.fixture
def unblocked(
    django_db_setup: None,  # noqa: ARG001  without it this would be the real database
    django_db_blocker: pytest.FixtureDef[None],
) -> Iterator[None]:
    """Lets a test use the database without a transaction around it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        yield
        connection.close()


@pytest.fixture(scope="session")
def servers(
    django_db_setup: None,  # noqa: ARG001  the template must be there
    worker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Servers]:
    """Two server processes (RACE_SERVERS) and a job worker on a database of their own."""
    name = f"servers_{worker}"
    databases.clone(name)
    running = Servers(databases.url(name), folder=tmp_path_factory.mktemp("demo"))
    try:
        running.start(processes=int(os.environ.get("RACE_SERVERS", "2")))
        yield running
    finally:
        running.stop()
        databases.drop(name)


@pytest.fixture
def move_servers_clock(servers: Servers) -> Iterator[Callable[[timedelta], None]]:
    """Moves the product's clock in the servers' database; it is right again after the test."""

    def move(shift: timedelta) -> None:
        with psycopg.connect(servers.database_url, autocommit=True) as line:
            line.execute(_MOVE, [shift.total_seconds()])

    yield move
    move(timedelta(0))
