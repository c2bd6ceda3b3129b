"""Migrations of many schemas: what is current is skipped, what fails blocks nobody."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants import context
from tenants.provisioning import migrations

Rows = Callable[..., list[tuple[object, ...]]]
pytestmark = pytest.mark.usefixtures("owner_for_a_while")
LAST = "0002_append_only"


def _migrate() -> str:
    said = StringIO()
    with context.public():
        call_command("migrate_businesses", stdout=said, stderr=said)
    return said.getvalue()


def _put_back(rows: Rows, schema: str, *, whole: bool) -> None:
    """Take the last migration back; half of it where the next try shall fail."""
    rows(f"DELETE FROM {schema}.django_migrations WHERE name = %s", LAST)  # noqa: S608  ours
    found = rows(
        "SELECT tgname, relname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = %s::regnamespace",
        schema,
    )
    for trigger, table in found if whole else []:
        rows(f"DROP TRIGGER {trigger} ON {schema}.{table}")


def test_what_is_current_is_skipped(rows: Rows) -> None:
    before = rows("SELECT max(applied) FROM alpha.django_migrations")
    said = _migrate()
    assert "Migrating" not in said
    assert "0 businesses migrated" in said
    assert rows("SELECT max(applied) FROM alpha.django_migrations") == before


def test_one_that_fails_does_not_block_the_next(rows: Rows) -> None:
    _put_back(rows, "alpha", whole=False)
    _put_back(rows, "beta", whole=True)
    assert not migrations.is_current("alpha")
    assert not migrations.is_current("beta")
    with pytest.raises(CommandError, match="1 businesses are behind"):
        _migrate()
    assert not migrations.is_current("alpha")
    assert migrations.is_current("beta")
    assert rows(
        "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = 'beta'::regnamespace"
    ) == [(6,)]
    _put_back(rows, "alpha", whole=True)
    assert "1 businesses migrated" in _migrate()
    assert migrations.is_current("alpha")


def test_a_schema_that_is_not_there_is_not_current() -> None:
    assert not migrations.is_current("nowhere")
    assert migrations.is_current("business_template")
    assert migrations.public_is_current()


def test_the_fingerprint_is_that_of_a_businesss_own_migrations() -> None:
    assert {app for app, _ in migrations.expected(in_public=False)} == {"accounts", "loyalty"}
    assert "django_q" in {app for app, _ in migrations.expected(in_public=True)}
    assert len(migrations.fingerprint()) == 64
