"""The application's role uses tables; it never changes what is only appended."""

import pytest
from django.db import DatabaseError, connection, connections, transaction

from loyalty.database_errors import sqlstate
from tenants import roles

REFUSED = "42501"
APPENDED = ["loyalty_event", "loyalty_ledgerentry", "loyalty_programversion", "loyalty_seal"]
# Everything here is tried in a transaction that is taken back: roles belong to the whole server.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_visit")]


def _refusal(statement: str) -> str:
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return sqlstate(caught.value)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  our own names
        found: int = cursor.fetchone()[0]
        return found


def test_which_tables_are_appended() -> None:
    assert sorted(roles.append_only_tables()) == APPENDED


@pytest.mark.parametrize("role", ["the application", "the owner"])
@pytest.mark.parametrize("table", APPENDED)
def test_appended_rows_stay(table: str, role: str) -> None:
    if role == "the owner":
        with connection.cursor() as cursor:
            # TRUNCATE waits for deferred checks of this very transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("RESET ROLE")
    before = _count(table)
    assert before > 0
    key = "number" if table == "loyalty_seal" else "id"
    assert _refusal(f"UPDATE {table} SET {key} = {key} + 1") == REFUSED  # noqa: S608  our own names
    assert _refusal(f"DELETE FROM {table}") == REFUSED  # noqa: S608  our own names
    assert _refusal(f"TRUNCATE {table} CASCADE") == REFUSED
    assert _count(table) == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "DELETE FROM django_migrations",
        "UPDATE django_migrations SET name = 'x'",
        "INSERT INTO public.django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "UPDATE public.tenants_templatedump SET sql = 'DROP SCHEMA alpha CASCADE'",
        "INSERT INTO public.tenants_templatedump VALUES ('x', 'x', now())",
        "TRUNCATE loyalty_customer CASCADE",
        "ALTER TABLE loyalty_event DISABLE TRIGGER ALL",
        "DROP TABLE loyalty_event",
        "DROP TRIGGER loyalty_event_append_only ON loyalty_event",
        "CREATE TABLE alpha.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA mine",
        "DROP FUNCTION public.plusone_clock()",
        "ALTER FUNCTION public.plusone_clock() RENAME TO old_clock",
        "SET session_replication_role = replica",
        "ALTER ROLE plusone_app SUPERUSER",
    ],
)
def test_the_application_changes_no_structure(statement: str) -> None:
    assert _refusal(statement) == REFUSED


def test_connections_act_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("plusone_app", False)


def test_nobody_else_has_rights() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
            " WHERE table_schema IN ('alpha', 'beta', 'business_template')"
        )
        granted = {grantee for (grantee,) in cursor.fetchall()}
    assert granted <= {"plusone_app", connections["owner"].settings_dict["USER"]}
