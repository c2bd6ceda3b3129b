"""Databases for tests: a template with two businesses, made once, and clones of it."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenants import context
from tests.factories.people import make_businesses

ROOT = Path(__file__).resolve().parents[2]
_MADE_FROM = [
    "tenants",
    "loyalty",
    "config/settings.py",
    "hosting",
    "tests/factories/people.py",
    "tests/harness/databases.py",
]
# Tests move the product's only clock instead of waiting.
_MOVABLE_CLOCK = [
    # By a shift it goes on from another moment; at `frozen` it stands still.
    "CREATE TABLE public.test_clock (shift interval NOT NULL, frozen timestamptz)",
    "INSERT INTO public.test_clock VALUES ('0', NULL)",
    "GRANT SELECT, UPDATE ON public.test_clock TO plusone_app",
    (
        "CREATE OR REPLACE FUNCTION public.plusone_clock() RETURNS timestamptz LANGUAGE sql"
        " VOLATILE AS 'SELECT coalesce(frozen, clock_timestamp() + shift) FROM public.test_clock'"
    ),
]


def url(name: str) -> str:
    """The libpq URL of another database on the test server."""
    return make_conninfo("", **{**conninfo_to_dict(os.environ["DATABASE_URL"]), "dbname": name})


@contextmanager
def admin() -> Iterator[psycopg.Connection[Any]]:
    """A connection outside all test databases, that may create and drop them."""
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        yield connection


def template() -> str:
    """The name of the template database, made when it is missing; one process makes it."""
    name = f"template_{_fingerprint()}"
    with admin() as connection:
        connection.execute("SELECT pg_advisory_lock(4242)")
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            _drop(connection, "template_unfinished")
            _create(connection, "template_unfinished", source="template1")
            with connected_to("template_unfinished"):
                _fill()
            rename = sql.SQL("ALTER DATABASE template_unfinished RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(name)))
    return name


def clone(name: str) -> None:
    """A fresh copy of the template under this name, in a tenth of a second."""
    source = template()
    with admin() as connection:
        connection.execute("SELECT pg_advisory_lock(4242)")
        _drop(connection, name)
        _create(connection, name, source=source)


def drop(name: str) -> None:
    """Remove a clone."""
    with admin() as connection:
        _drop(connection, name)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Point this process's Django connections at a database for a while."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _point(dict.fromkeys(connections, name))
    try:
        yield
    finally:
        _point(before)


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _fill() -> None:
    default = dict(connections["default"].settings_dict)
    try:
        _make()
    finally:
        # migrate_businesses made this process the owner; tests run as the application.
        connections["default"].close()
        connections["default"].settings_dict.update(default)


def _make() -> None:
    with context.public():
        call_command("migrate_businesses", stdout=StringIO())
        make_businesses()
        with connections["owner"].cursor() as cursor:
            for statement in _MOVABLE_CLOCK:
                cursor.execute(statement)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for part in _MADE_FROM:
        path = ROOT / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _create(connection: psycopg.Connection[Any], name: str, *, source: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(source)))


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    connection.execute(statement.format(sql.Identifier(name)))
