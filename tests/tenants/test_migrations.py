"""Migrations of many schemas: what is current is skipped, what fails blocks nobody."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate

from tenants import context, roles
from tenants.provisioning import migrations

Rows = Callable[..., list[tuple[object, ...]]]
pytestmark = pytest.mark.usefixtures("owner_for_a_while")


def _migrate() -> str:
    said = StringIO()
    with context.public():
        call_command("migrate_businesses", stdout=said, stderr=said)
    return said.getvalue()


def _newest() -> tuple[str, str]:
    names = sorted(name for app, name in migrations.expected(in_public=False) if app == "loyalty")
    return names[-2], names[-1]


def _take_back_newest(schema: str) -> None:
    before, _ = _newest()
    roles.become_owner()
    with context.business(schema):
        call_command(migrate.Command(), "loyalty", before, verbosity=0)


def test_what_is_current_is_skipped(rows: Rows) -> None:
    before = rows("SELECT max(applied) FROM alpha.django_migrations")
    said = _migrate()
    assert "Migrating" not in said
    assert "0 businesses migrated" in said
    assert rows("SELECT max(applied) FROM alpha.django_migrations") == before


def test_one_that_fails_does_not_block_the_next(rows: Rows) -> None:
    for schema in ("alpha", "beta"):
        _take_back_newest(schema)
    # A history with a hole: nobody can know what alpha's schema looks like.
    hole = "name = '0001_initial' AND app = 'loyalty'"
    rows(f"DELETE FROM alpha.django_migrations WHERE {hole}")  # noqa: S608  our own words
    with pytest.raises(CommandError, match="1 businesses are behind"):
        _migrate()
    assert not migrations.is_current("alpha")
    assert migrations.is_current("beta")
    rows(
        "INSERT INTO alpha.django_migrations (app, name, applied)"
        " VALUES ('loyalty', '0001_initial', now())"
    )
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


def test_an_older_installation_gets_the_new_rights_and_schedules(rows: Rows) -> None:
    rows("GRANT ALL ON ALL TABLES IN SCHEMA public TO plusone_app")
    columns = "name, func, schedule_type, repeats"
    rows(f"INSERT INTO django_q_schedule ({columns}) VALUES ('x', 'os.system', 'D', -1)")  # noqa: S608  our own words
    assert "0 businesses migrated" in _migrate()
    ((may_insert, may_sign_in),) = rows(
        "SELECT has_table_privilege('plusone_app', 'public.accounts_user', 'INSERT'),"
        " has_column_privilege('plusone_app', 'public.accounts_user', 'last_login', 'UPDATE')"
    )
    assert (may_insert, may_sign_in) == (False, True)
    assert rows("SELECT count(*) FROM django_q_schedule WHERE name = 'x'") == [(0,)]
