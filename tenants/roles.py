"""The database roles: the owner changes tables, application and job worker only use them."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from psycopg import sql

from tenants import context, public_rights

# Written by the owner only; the application reads them.
_READ_ONLY_IN_BUSINESS = ["django_migrations"]


def become_owner() -> None:
    """Let this process's main connection act as the owner; for commands that change tables."""
    _become("owner")


def become_job_worker() -> None:
    """Let this process's main connection act as the job worker."""
    _become("jobs")


def _become(alias: str) -> None:
    connection.close()
    connection.settings_dict.update(
        {
            name: connections[alias].settings_dict[name]
            for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        }
    )


def prepare() -> None:
    """Create the two roles where they are missing; the connection must be the owner's."""
    with context.public(), connection.cursor() as cursor:
        for name in (settings.APP_ROLE, settings.JOBS_ROLE):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
                _let_become(name, "CURRENT_USER")
        # All that the application may, and what `public_rights` adds.
        _let_become(settings.APP_ROLE, settings.JOBS_ROLE)
        # An installation that was there before this role has a login that knows only the other.
        if login := connections["jobs"].settings_dict["USER"]:
            _let_become(settings.JOBS_ROLE, login)


def _let_become(role: str, member: str) -> None:
    """Make `member` a member of the role, unless it is one."""
    with connection.cursor() as cursor:
        if member != "CURRENT_USER":
            cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [member, role])
            if cursor.fetchone() == (True,):
                return
        whom = sql.SQL(member) if member == "CURRENT_USER" else sql.Identifier(member)
        cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), whom))


def grant(schema: str) -> None:
    """Give both roles their rights in a schema; append-only tables get no UPDATE."""
    with context.business(schema), transaction.atomic(), connection.cursor() as cursor:
        for statement in _in_public() if schema == context.PUBLIC else _in_a_business(schema):
            cursor.execute(statement)


def _in_public() -> Iterator[sql.Composed]:
    app, jobs = sql.Identifier(settings.APP_ROLE), sql.Identifier(settings.JOBS_ROLE)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app)
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(app)
    for role, rights in ((app, public_rights.APPLICATION), (jobs, public_rights.JOB_WORKER)):
        for name, allowed in rights.items():
            table = sql.Identifier(context.PUBLIC, name)
            # First of all: an installation may come from a release that gave more.
            yield sql.SQL("REVOKE ALL ON {} FROM {}").format(table, role)
            yield sql.SQL(f"GRANT {allowed} ON {{}} TO {{}}").format(table, role)


def _in_a_business(schema: str) -> Iterator[sql.Composed]:
    statements = [
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        *(
            f"REVOKE INSERT, UPDATE, DELETE ON {{schema}}.{name} FROM {{role}}"
            for name in _READ_ONLY_IN_BUSINESS
        ),
        *(
            f"REVOKE UPDATE, DELETE ON {{schema}}.{name} FROM {{role}}"
            for name in append_only_tables()
        ),
    ]
    names = {"schema": sql.Identifier(schema), "role": sql.Identifier(settings.APP_ROLE)}
    for statement in statements:
        yield sql.SQL(statement).format(**names)


def append_only_tables() -> list[str]:
    """The business tables whose models say `append_only = True`."""
    return [
        model._meta.db_table  # noqa: SLF001  Django's documented meta API
        for model in apps.get_app_config("loyalty").get_models()
        if getattr(model, "append_only", False)
    ]
