"""Makes a business: its schema, its rights, its row and its host, in one transaction."""

import re
from collections.abc import Sequence

from django.db import connections, transaction
from psycopg import sql

from tenants import citus, context, roles
from tenants.hosts import is_public
from tenants.models import Business, Domain
from tenants.models.business import SCHEMA_NAME
from tenants.provisioning import migrations, template

# Names that would read as something else in a log, a path or a query.
RESERVED = {"public", "business_template", "information_schema", "plusone", "template", "postgres"}
_HOST = re.compile(r"(?!.*\.\.)[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


class BadHostError(ValueError):
    """The host has a wrong form, or is one of the platform's own."""


class BadSchemaNameError(ValueError):
    """The schema's name has a wrong form or is reserved."""


def provision(*, schema: str, name: str, plan: str, hosts: Sequence[str]) -> Business:
    """A new, empty business that answers on `hosts` (the first is the primary one).

    Invisible until everything is there. Raises BadSchemaNameError, BadHostError, or IntegrityError
    when the schema or a host is taken.
    """
    # `$` alone would let a line break at the end pass.
    if not re.fullmatch(SCHEMA_NAME, schema) or schema in RESERVED or schema.startswith("pg_"):
        raise BadSchemaNameError(schema)
    for host in hosts:
        if not _HOST.fullmatch(host) or is_public(host):
            raise BadHostError(host)
    with context.public(), transaction.atomic(using="owner"):
        # The row first: it is what a second sign-up for the same schema or host fails on.
        business = _register(schema=schema, name=name, plan=plan, hosts=hosts)
        if script := template.script_for(schema):
            _replay(script, schema=schema)
        else:
            # Works only where this process is the owner (commands), and takes seconds.
            migrations.bring_up_to_date(schema)
            roles.grant(schema)
    return business


def _replay(script: str, *, schema: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = off")
        distributes = citus.pause(cursor)
        with connections["owner"].wrap_database_errors:
            cursor.connection.execute(script)
        if distributes:
            citus.distribute(cursor, schema)
        rows = sorted(migrations.expected(in_public=False))
        cursor.executemany(
            sql.SQL("INSERT INTO {} (app, name, applied) VALUES (%s, %s, now())").format(
                sql.Identifier(schema, "django_migrations")
            ),
            rows,
        )


def _register(*, schema: str, name: str, plan: str, hosts: Sequence[str]) -> Business:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    business = Business(schema_name=schema, name=name, plan_id=plan, created_at=now)
    # Not save(): django-tenants looks first and raises another error, and two may look at once.
    Business.objects.using("owner").bulk_create([business])
    Domain.objects.using("owner").bulk_create(
        Domain(domain=host, tenant=business, is_primary=position == 0)
        for position, host in enumerate(hosts)
    )
    return business
