"""A new business: its schema equals the migrated one, and nothing is left of one that failed."""

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, ProgrammingError, connection

from hosting.open_business import NewBusiness, open_business
from loyalty.base.errors import InvalidInput
from loyalty.models import Location
from tenants import context, hosts
from tenants.models import Business
from tenants.provisioning import migrations
from tenants.provisioning.provision import BadHostError, BadSchemaNameError, provision

Rows = Callable[..., list[tuple[object, ...]]]
BAD_NAMES = [
    *("", "a", "ab", "1abc", "Abc", "a-b-c", "a b c", "abc\n", "\nabc", "abc;", 'abc"', "ábcd"),
    *("a" * 42, "_abc", "public", "postgres", "business_template", "information_schema"),
    *("pg_toast", "pg_catalog", "pg_anything", "abc\0", "abc.def"),
]
_STRUCTURE = {
    "columns": "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    " a.attidentity, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d"
    " ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE c.relnamespace = %s::regnamespace AND a.attnum > 0 AND NOT a.attisdropped",
    "relations": "SELECT relname, relkind, relrowsecurity FROM pg_class"
    " WHERE relnamespace = %s::regnamespace",
    "constraints": "SELECT conname, contype, conrelid::regclass::text, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = %s::regnamespace",
    "indexes": "SELECT indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = %s",
    "triggers": "SELECT t.tgname, c.relname, t.tgenabled, pg_get_triggerdef(t.oid)"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal",
    "grants": "SELECT c.relname, acl.grantee::regrole::text, acl.privilege_type FROM pg_class c,"
    " aclexplode(c.relacl) acl WHERE c.relnamespace = %s::regnamespace"
    " AND acl.grantee <> c.relowner",
    "schema grants": "SELECT acl.grantee::regrole::text, acl.privilege_type FROM pg_namespace n,"
    " aclexplode(n.nspacl) acl WHERE n.oid = %s::regnamespace AND acl.grantee <> n.nspowner",
}


def _provision(schema: str, host: str = "") -> Business:
    return provision(schema=schema, name="New", plan="free", hosts=[host or f"{schema}.example"])


def _as_reparsed(definition: str) -> str:
    # Postgres prints `(ARRAY['a'::varchar])::text[]` otherwise once it was printed and read again.
    bare = re.sub(r"::character varying|::text\[\]|::text", "", definition)
    return re.sub(r"[()]", "", bare)


def _exists(rows: Rows, schema: str) -> bool:
    return bool(rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema))


def test_a_replayed_schema_equals_the_migrated_one(rows: Rows) -> None:
    _provision("gamma")

    def structure(schema: str, part: str) -> list[tuple[object, ...]]:
        # Every name of the schema itself is made the same; nothing else may differ.
        found = rows(_STRUCTURE[part], schema)
        return sorted(
            tuple(
                _as_reparsed(each.replace(f"{schema}.", ""))
                if isinstance(each, str)
                else repr(each)
                for each in row
            )
            for row in found
        )

    for part in _STRUCTURE:
        migrated = structure("business_template", part)
        assert migrated
        assert structure("gamma", part) == migrated
    assert migrations.is_current("gamma")


@pytest.mark.usefixtures("own_database")
def test_a_new_business_works_on_its_own_rows() -> None:
    open_business(NewBusiness("gamma", "Gamma", "gamma.example"), people=())
    found = hosts.business_on("gamma.example")
    assert found
    assert found.schema == "gamma"
    with context.business("gamma"):
        assert Location.objects.get().name == "Gamma"
        # Numbers start again: nothing of the template's sequences came along.
        assert Location.objects.get().pk == 1
    assert Location.objects.get().name == "Alpha Coffee"


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("currency", ["XYZ", "eur"])
def test_nothing_is_left_of_one_without_a_currency(
    rows: Rows, currency: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWNER_PASSWORD", "correct horse battery")
    wanted = NewBusiness("gamma", "Gamma", "gamma.example", currency=currency)
    with pytest.raises(InvalidInput):
        open_business(wanted, people=())
    assert not _exists(rows, "gamma")
    assert not Business.objects.filter(schema_name="gamma").exists()
    with pytest.raises(CommandError, match=f"Nobody pays with {currency}"):
        call_command(
            "create_business", "gamma", "Gamma", "gamma.example", "o@x.example", currency=currency
        )
    assert not _exists(rows, "gamma")


@pytest.mark.usefixtures("own_database")
def test_words_of_sql_are_names_too() -> None:
    for schema in ("order", "user", "table", "select", "default", "all"):
        _provision(schema)
        with context.business(schema):
            assert not Location.objects.exists()


@pytest.mark.parametrize("schema", BAD_NAMES)
def test_bad_names(schema: str) -> None:
    with pytest.raises(BadSchemaNameError):
        _provision(schema, "new.example")


def test_what_is_taken_or_wrong_leaves_nothing(rows: Rows) -> None:
    tried = [
        ("alpha", ["new.example"]),
        ("gamma", ["alpha.localhost"]),
        ("gamma", ["Upper.example"]),
        ("gamma", ["dot."]),
        ("gamma", ["localhost"]),
        ("gamma", ["g.example", "beta.localhost"]),
    ]
    for schema, wanted in tried:
        with pytest.raises((IntegrityError, BadHostError)):
            provision(schema=schema, name="x", plan="free", hosts=wanted)
        assert not _exists(rows, "gamma")
        assert rows("SELECT count(*) FROM public.tenants_business") == [(2,)]
        assert rows("SELECT count(*) FROM public.tenants_domain") == [(2,)]
        assert hosts.business_on(wanted[0]) is None or wanted[0] == "alpha.localhost"
    assert Location.objects.get().name == "Alpha Coffee"


def test_a_schema_that_nobody_owns_is_not_taken_over(rows: Rows) -> None:
    rows("CREATE SCHEMA gamma")
    with pytest.raises(ProgrammingError):
        _provision("gamma")
    assert rows("SELECT count(*) FROM public.tenants_business") == [(2,)]


@pytest.mark.django_db
def test_the_database_refuses_a_bad_name_by_itself() -> None:
    with context.public(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        with pytest.raises(IntegrityError):
            cursor.execute(
                "INSERT INTO tenants_business (schema_name, name, plan_id, language, is_suspended,"
                " created_at) VALUES ('Bad;name', 'x', 'free', 'en', false, now())"
            )
