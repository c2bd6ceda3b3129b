"""What SQL must not say, so that businesses can be spread over servers (docs/scaling.md)."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

from django.apps import apps

from loyalty.db import pipeline
from loyalty.db import roundtrip as trip

_CLOCKS = re.compile(
    r"plusone_clock|\bnow\(|clock_timestamp|statement_timestamp|current_date|current_timestamp"
    r"|localtime|\brandom\(|gen_random|nextval",
    re.IGNORECASE,
)
# FROM inside a function's own grammar names no table.
_NO_TABLE = re.compile(
    r"\b(epoch|day|dow|isodow|hour|minute|month|week|isoyear|year|distinct)\s+from\b", re.IGNORECASE
)
_ROWS = re.compile(r"\b(from|update|delete|insert)\b", re.IGNORECASE)
_INSERT_SELECT = re.compile(
    r"\binsert\s+into\s+\"?(\w+)\"?\s*\(([^)]*)\)\s*select\b", re.IGNORECASE
)
_REFUSED = {
    "MERGE has no plan there": re.compile(r"^\s*merge\b", re.IGNORECASE),
    "a VALUES of SELECTs is refused": re.compile(r"\bvalues\s*\(\s*\(\s*select\b", re.IGNORECASE),
    "an INSERT in WITH is pulled to the coordinator": re.compile(
        r"\bwith\b.*\bas\s+(not\s+)?(materialized\s+)?\(\s*insert\b", re.IGNORECASE | re.DOTALL
    ),
}


# Citus takes immutable functions alone there, and `timestamptz + interval` depends on the zone.
_UPSERT = re.compile(r"do\s+update\s+set\b(.*)", re.IGNORECASE | re.DOTALL)
_IN_UTC = re.compile(r"at time zone 'utc' [+-] (%s|\$\d+)::interval", re.IGNORECASE)


def broken_rules(sql: str) -> list[str]:
    """The rules that one statement breaks."""
    plain = _NO_TABLE.sub("", sql)
    found = [why for why, pattern in _REFUSED.items() if pattern.search(plain)]
    if _CLOCKS.search(plain) and _ROWS.search(plain):
        found.append("a clock or chance beside rows is the worker's: pass it as a value")
    if "pg_notify" in plain and re.search(r"\bfrom\b", plain, re.IGNORECASE):
        found.append("a notification beside rows is lost")
    upsert = _UPSERT.search(plain)
    if upsert and re.search(r"\binterval\b", _IN_UTC.sub("", upsert[1]), re.IGNORECASE):
        found.append("a time is added in DO UPDATE SET: only AT TIME ZONE 'UTC'")
    if made := _INSERT_SELECT.search(plain):
        found += _drawn_on_a_worker(*made.groups())
    return found


def _drawn_on_a_worker(table: str, columns: str) -> list[str]:
    meta = [model._meta for model in apps.get_models()]  # noqa: SLF001  Django's documented meta API
    key = next((each.pk for each in meta if each.db_table == table), None)
    given = {name.strip().strip('"') for name in columns.split(",")}
    if key is None or key.column in given or key.get_internal_type() != "BigAutoField":
        return []
    return [f"the identity of {table} is drawn on a worker: give {key.column} itself"]


class Watch:
    """Looks at every statement that the product sends by its own round trips."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self.broken: list[str] = []
        self._run: Callable[..., Any] = pipeline.run

    def begin(self) -> None:
        """Look from now on, for as long as this process lives."""
        patch.object(trip, "run", self._seen).start()

    def _seen(self, raw: Any, plans: set[str], statements: Sequence[Any]) -> Any:
        for sql in {statement.sql for statement in statements} - self._known:
            self._known.add(sql)
            self.broken += [f"{why}: {sql}" for why in broken_rules(sql)]
        return self._run(raw, plans, statements)
