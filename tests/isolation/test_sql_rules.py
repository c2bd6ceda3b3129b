"""The rules of docs/scaling.md find what breaks them, in statements, sources and migrations."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from local.checkout import Checkout
from loyalty.db.roundtrip import CLOCK
from tests.harness.sql_rules import broken_rules

_ROOT = Checkout.here().root
_PRODUCT = ("loyalty", "tenants", "console", "graphql_api", "config", "demo", "hosting")
_NOW_OF_ROWS = re.compile(r"\b(Now|TransactionNow|Random|RandomUUID)\(\)")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT public.plusone_clock(), id FROM loyalty_card",
        "SELECT id FROM loyalty_card WHERE last_visit_at < (SELECT public.plusone_clock())",
        "UPDATE loyalty_card SET last_visit_at = clock_timestamp() WHERE id = %s",
        "DELETE FROM loyalty_tally WHERE window < now()",
        "INSERT INTO loyalty_idempotencykey (actor, key) SELECT %s, %s WHERE EXISTS (SELECT 1)",
        "INSERT INTO loyalty_card (id) VALUES ((SELECT max(id) FROM loyalty_card))",
        "MERGE INTO loyalty_card USING (VALUES (1)) v ON true WHEN MATCHED THEN DO NOTHING",
        "WITH made AS (INSERT INTO loyalty_card (id) VALUES (1) RETURNING id) SELECT id FROM made",
        "SELECT pg_notify('topic', id::text) FROM loyalty_card",
        "INSERT INTO t (a) VALUES (%s) ON CONFLICT (a) DO UPDATE SET b = t.b + %s::interval",
    ],
)
def test_each_rule_is_seen_to_be_broken(sql: str) -> None:
    assert len(broken_rules(sql)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        CLOCK,
        "SELECT pg_notify(%s, %s)",
        "SELECT floor(extract(epoch FROM %s::timestamptz)), 1 IS NOT DISTINCT FROM 2",
        "INSERT INTO loyalty_event (id, kind) SELECT %s, %s WHERE EXISTS (SELECT 1)",
        "INSERT INTO loyalty_card (id) VALUES (%s) ON CONFLICT (id) DO NOTHING",
        "WITH one AS MATERIALIZED (SELECT 1) SELECT * FROM one",
    ],
)
def test_what_keeps_the_rules_passes(sql: str) -> None:
    assert broken_rules(sql) == []


def test_no_text_in_the_product_asks_rows_for_the_time() -> None:
    found = [
        f"{path}: {text}"
        for path, text in _texts()
        if ("plusone_clock" in text and text != CLOCK) or _NOW_OF_ROWS.search(text)
    ]
    assert found == []


def _texts() -> Iterator[tuple[str, str]]:
    """Every text of the product outside its migrations, and each call of a database's clock."""
    for folder in _PRODUCT:
        for path in (_ROOT / folder).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield str(path.relative_to(_ROOT)), node.value
                elif isinstance(node, ast.Call):
                    yield str(path.relative_to(_ROOT)), ast.unparse(node)


@pytest.mark.django_db
def test_migrations_name_each_check_of_an_added_column_and_send_one_statement_at_once() -> None:
    loader = MigrationLoader(connection)
    wrong = []
    for app, name in sorted(loader.disk_migrations):
        if app not in {"loyalty", "accounts"}:
            continue
        migration = loader.get_migration(app, name)
        before = loader.project_state((app, name), at_end=False)
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            migration.apply(before, editor, collect_sql=True)
        wrong += [f"{app}.{name}: {sql}" for sql in editor.collected_sql if not _is_spreadable(sql)]
    assert wrong == []


def _is_spreadable(sql: str) -> bool:
    if sql.startswith("--"):
        return True
    # Django's own pairs for a foreign key, which Citus takes.
    sql = re.sub(r'SET CONSTRAINTS "\w+" IMMEDIATE;?', "", sql)
    adds_nameless = "ADD COLUMN" in sql and re.search(r"(?<!\" )CHECK \(", sql)
    adds_identity = "ADD COLUMN" in sql and "AS IDENTITY" in sql
    is_several = ";" in sql.rstrip().rstrip(";") and "$$" not in sql and "'" not in sql
    return not (adds_nameless or adds_identity or is_several)
