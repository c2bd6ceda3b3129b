"""The two database roles: the owner changes tables, the application only uses them."""

from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from tenants import context

# Written by the owner only; the application reads them.
_READ_ONLY_IN_PUBLIC = ["django_migrations", "tenants_templatedump"]
_READ_ONLY_IN_BUSINESS = ["django_migrations"]


def become_owner() -> None:
    """Let this process's main connection act as the owner; for commands that change tables."""
    connection.close()
    connection.settings_dict.update(
        {
            name: connections["owner"].settings_dict[name]
            for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        }
    )


def prepare() -> None:
    """Create the application's role when it is missing; the connection must be the owner's."""
    role = sql.Identifier(settings.APP_ROLE)
    with context.public(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))


def grant(schema: str) -> None:
    """Give the application's role its rights in a schema; append-only tables get no UPDATE."""
    public = schema == context.PUBLIC
    read_only = _READ_ONLY_IN_PUBLIC if public else _READ_ONLY_IN_BUSINESS
    statements = [
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        *(
            f"REVOKE INSERT, UPDATE, DELETE ON {{schema}}.{name} FROM {{role}}"
            for name in read_only
        ),
        *(
            f"REVOKE UPDATE, DELETE ON {{schema}}.{name} FROM {{role}}"
            for name in ([] if public else append_only_tables())
        ),
    ]
    names = {"schema": sql.Identifier(schema), "role": sql.Identifier(settings.APP_ROLE)}
    with context.business(schema), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(**names))


def append_only_tables() -> list[str]:
    """The business tables whose models say `append_only = True`."""
    return [
        model._meta.db_table  # noqa: SLF001  Django's documented meta API
        for model in apps.get_app_config("loyalty").get_models()
        if getattr(model, "append_only", False)
    ]
