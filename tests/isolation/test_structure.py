"""The database's own structure keeps businesses apart."""

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tenants import context

pytestmark = pytest.mark.django_db
SCHEMAS = ["alpha", "beta", settings.TEMPLATE_SCHEMA]


def _rows(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type]  # lists too
        return list(cursor.fetchall())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_table_is_in_public_and_in_a_business(schema: str) -> None:
    both = _rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = %s INTERSECT"
        " SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
        schema,
    )
    assert {name for (name,) in both} == set(settings.TABLES_IN_BOTH)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_foreign_key_leaves_its_business(schema: str) -> None:
    leaving = _rows(
        "SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid"
        " JOIN pg_class b ON b.oid = k.confrelid WHERE k.contype = 'f'"
        " AND (a.relnamespace = %s::regnamespace) <> (b.relnamespace = %s::regnamespace)",
        schema,
        schema,
    )
    assert leaving == []


def test_businesses_have_the_same_tables() -> None:
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s ORDER BY 1"
    alpha, beta, template = (_rows(query, schema) for schema in SCHEMAS)
    assert alpha == beta == template


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_business_knows_content_types(schema: str) -> None:
    found = _rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s"
        " AND (column_name LIKE '%%content_type%%' OR table_name LIKE 'django_content%%'"
        " OR table_name LIKE 'auth_%%')",
        schema,
    )
    assert found == []


def test_content_types_are_the_same_everywhere() -> None:
    seen = set()
    for schema in ("alpha", "public", "beta"):
        ContentType.objects.clear_cache()
        with context.business(schema):
            seen.add(ContentType.objects.get(app_label="tenants", model="business").pk)
    assert len(seen) == 1


@pytest.mark.parametrize("schema", SCHEMAS)
def test_defaults_and_triggers_name_no_other_business(schema: str) -> None:
    others = [other for other in SCHEMAS if other != schema]
    found = _rows(
        "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_class c"
        " ON c.oid = d.adrelid WHERE c.relnamespace = %s::regnamespace UNION ALL"
        " SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE c.relnamespace = %s::regnamespace",
        schema,
        schema,
    )
    assert found
    assert not [text for (text,) in found for other in others if f"{other}." in str(text)]


def test_sequences_belong_to_their_own_tables() -> None:
    crossing = _rows(
        "SELECT s.oid::regclass FROM pg_class s JOIN pg_depend d ON d.objid = s.oid"
        " AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid"
        " WHERE s.relkind = 'S' AND s.relnamespace <> t.relnamespace"
    )
    assert crossing == []


def test_the_same_mail_address_works_at_two_businesses() -> None:
    for schema in ("alpha", "beta"):
        with context.business(schema), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_user WHERE email LIKE 'owner@%%'")
            assert cursor.fetchone() == (1,)
    with context.public():
        assert _rows("SELECT count(*) FROM accounts_user") == [(0,)]
