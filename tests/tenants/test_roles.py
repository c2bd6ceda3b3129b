"""The application's role uses tables; it never changes what is only appended."""

import pytest
from django.db import DatabaseError, connection, connections, transaction

from loyalty.db.database_errors import sqlstate
from tenants import public_rights, roles
from tests.harness.acting import as_job_worker

REFUSED = "42501"
APPENDED = ["loyalty_event", "loyalty_ledgerentry", "loyalty_programversion", "loyalty_seal"]
SCHEDULE = "(name, func, schedule_type, repeats) VALUES ('x', 'os.system', 'D', -1)"
RESULT = (
    "(id, name, func, started, stopped, success, attempt_count)"
    " VALUES ('x', 'x', 'x', now(), now(), true, 1)"
)
PERSON = "(email, password, is_active, is_operator) VALUES ('x@y.example', '', true, true)"
BUSINESS = (
    "(schema_name, name, plan_id, language, is_suspended, created_at)"
    " VALUES ('x', 'x', 'free', 'en', true, now())"
)
# What would make an operator or a business, or rewrite what operators did.
NOT_IN_PUBLIC = [
    f"INSERT INTO public.django_q_schedule {SCHEDULE}",
    f"INSERT INTO public.accounts_user {PERSON}",
    "UPDATE public.accounts_user SET is_operator = true",
    "UPDATE public.accounts_user SET password = ''",
    "UPDATE public.accounts_user SET email = 'x@y.example', is_active = true",
    "DELETE FROM public.accounts_user",
    f"INSERT INTO public.tenants_business {BUSINESS}",
    "DELETE FROM public.tenants_business",
    "UPDATE public.django_admin_log SET change_message = ''",
    "DELETE FROM public.django_admin_log",
    "INSERT INTO public.django_content_type (app_label, model) VALUES ('x', 'x')",
    "INSERT INTO public.auth_group (name) VALUES ('x')",
]
# What the job worker believes: it unpickles results as it reads them.
NOT_BY_THE_WEB = [
    "UPDATE public.django_q_schedule SET func = 'os.system'",
    "UPDATE public.django_q_schedule SET next_run = now()",
    "DELETE FROM public.django_q_schedule",
    f"INSERT INTO public.django_q_task {RESULT}",
    "UPDATE public.django_q_task SET result = ''",
    "DELETE FROM public.django_q_task",
]
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


@pytest.mark.parametrize("statement", [*NOT_IN_PUBLIC, *NOT_BY_THE_WEB])
def test_the_web_makes_no_operators_and_no_schedules(statement: str) -> None:
    assert _refusal(statement) == REFUSED


@pytest.mark.parametrize("statement", NOT_IN_PUBLIC)
def test_neither_does_the_job_worker(statement: str) -> None:
    with as_job_worker():
        assert _refusal(statement) == REFUSED


@pytest.mark.parametrize("statement", NOT_BY_THE_WEB)
def test_the_job_worker_keeps_the_books_of_its_jobs(statement: str) -> None:
    with as_job_worker(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > (-1 if "django_q_task" in statement else 0)


def test_signing_in_is_noted_by_the_web() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.accounts_user SET last_login = now()")


def test_every_table_of_public_is_decided_about() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
    # The last one belongs to tests.
    assert tables - {"test_clock"} == set(public_rights.APPLICATION)
    assert set(public_rights.JOB_WORKER) < tables


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
