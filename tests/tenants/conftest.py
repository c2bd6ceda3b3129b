"""What several tests of tenants need."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections
from pytest_django import Settings

from loyalty.books.seal import seal
from tests.factories.visits import visit

Rows = list[tuple[object, ...]]


@pytest.fixture(autouse=True)
def collected_files(settings: Settings, tmp_path: Path) -> None:
    """Nobody has collected static files here, and WhiteNoise would warn about it."""
    settings.STATIC_ROOT = tmp_path


@contextmanager
def _kept_settings() -> Iterator[None]:
    before = dict(connections["default"].settings_dict)
    yield
    connections["default"].close()
    connections["default"].settings_dict.update(before)


@pytest.fixture
def owner_for_a_while(own_database: str) -> Iterator[None]:
    """Commands may make this process the owner; afterwards it is the application again."""
    del own_database
    with _kept_settings():
        yield


@pytest.fixture
def rows(own_database: str) -> Callable[..., Rows]:
    """Runs a query as the owner."""
    del own_database

    def run(sql: str, *values: str) -> Rows:
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall()) if cursor.description else []

    return run


@pytest.fixture
def one_visit(db: None) -> None:
    """A session was minted and collected at alpha: a row and more in every append-only table."""
    del db
    visit()
    assert seal() == 3
    assert connection.schema_name == "alpha"  # type: ignore[attr-defined]  # our backend's
