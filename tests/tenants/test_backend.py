"""The database connection follows the context; Postgres 18 itself says where it looks."""

from contextlib import suppress

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from loyalty.models import Location
from tenants import context
from tenants.context import NoBusinessError
from tests.harness.threads import in_thread, reported_path

pytestmark = pytest.mark.usefixtures("django_db_setup", "unblocked")
ALPHA, BETA, PUBLIC = "alpha,public", "beta,public", "public"


def _name() -> str:
    return Location.objects.get().name


def test_each_query_runs_where_the_context_says() -> None:
    for schema, path in (("alpha", ALPHA), ("beta", BETA), ("alpha", ALPHA)):
        with context.business(schema):
            assert _name() == f"{schema.title()} Coffee"
            assert reported_path() == path
    with context.public(), connection.cursor():
        assert reported_path() == PUBLIC


def test_the_path_is_sent_only_when_it_changes() -> None:
    _name()
    with CaptureQueriesContext(
        connection,
    ) as sent:
        for _ in range(3):
            _name()
    assert len(sent) == 3
    with CaptureQueriesContext(connection) as sent:
        for schema in ("beta", "beta", "alpha"):
            with context.business(schema):
                _name()
    assert sum("search_path" in query["sql"] for query in sent) == 2


def test_a_new_connection_starts_at_the_right_place() -> None:
    for schema in ("beta", "alpha"):
        connection.close()
        with context.business(schema):
            assert _name() == f"{schema.title()} Coffee"


def test_a_rolled_back_transaction_does_not_leave_its_path() -> None:
    _name()
    with suppress(LookupError), context.business("beta"), transaction.atomic():
        assert _name() == "Beta Coffee"
        raise LookupError
    # Postgres took the SET back with the transaction.
    assert reported_path() == ALPHA
    assert _name() == "Alpha Coffee"
    with context.business("beta"):
        assert _name() == "Beta Coffee"
        assert reported_path() == BETA


def test_a_rolled_back_savepoint_does_not_leave_its_path() -> None:
    with transaction.atomic():
        assert _name() == "Alpha Coffee"
        with suppress(LookupError), context.business("beta"), transaction.atomic():
            assert _name() == "Beta Coffee"
            raise LookupError
        with context.business("beta"):
            assert _name() == "Beta Coffee"
        assert _name() == "Alpha Coffee"


def test_a_failed_statement_inside_another_business() -> None:
    with transaction.atomic():
        with (
            pytest.raises(DatabaseError),
            context.business("beta"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert _name() == "Alpha Coffee"
        with context.business("beta"):
            assert _name() == "Beta Coffee"


def test_a_cursor_taken_before_a_switch_keeps_its_rows() -> None:
    rows = Location.objects.iterator()
    with context.business("beta"):
        assert _name() == "Beta Coffee"
    assert [row.name for row in rows] == ["Alpha Coffee"]


def test_server_side_cursors_too() -> None:
    for schema in ("beta", "alpha"):
        with context.business(schema), transaction.atomic():
            names = [row.name for row in Location.objects.iterator(chunk_size=1)]
            assert names == [f"{schema.title()} Coffee"]


def test_a_used_thread_serves_nobody_later() -> None:
    def both() -> str:
        with context.business("beta"):
            first = _name()
        with pytest.raises(NoBusinessError):
            _name()
        return first

    assert in_thread(both) == "Beta Coffee"


@pytest.mark.parametrize(
    "bad", ['beta"; DROP SCHEMA alpha CASCADE; --', "beta, alpha", "", "pg_catalog", "beta\0"]
)
def test_a_schema_name_is_never_sql(bad: str) -> None:
    with (
        context.business(bad),
        pytest.raises((DatabaseError, ValidationError, ImproperlyConfigured)),
    ):
        _name()
    assert _name() == "Alpha Coffee"
