"""What a seal's digest covers, and which fault is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from loyalty.books import chain
from loyalty.books.chain import BEFORE_THE_FIRST, ChainLink, ChainPosition, Rows

EVENT: dict[str, Any] = {"id": 7, "kind": "collected", "policy": {"b": 1, "a": [None, "é"]}}
ENTRY: dict[str, Any] = {"id": 9, "units": -5}
ROWS: Rows = {("event", 7): EVENT, ("entry", 9): ENTRY}
COLUMNS = {"event": ["id", "kind", "policy"], "entry": ["id", "units"]}
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINK = ChainLink(1, BEFORE_THE_FIRST, AT, 1, COLUMNS, [7], [9])


def _fault(
    link: ChainLink = LINK, rows: Rows = ROWS, *, after: ChainPosition | None = None
) -> str | None:
    return chain.fault(link, rows, kept=chain.prove(LINK, ROWS), after=after or ChainPosition())


def test_the_form_never_changes() -> None:
    # A digest that is stored in every business's chain: anybody who changes this breaks them all.
    proof = chain.prove(LINK, ROWS)
    assert proof.marks.hex() == "d7bd9566358e3eca651e7c153ef061c1"
    assert proof.digest.hex() == "a5903c25b68b90c1a85d80213312d997a7d0dd159fadb9d2702e9ea3afdf0d91"


def test_a_whole_seal_has_no_fault() -> None:
    assert _fault() is None


def test_neither_the_order_of_keys_nor_the_time_zone_matters() -> None:
    policy = {"a": [None, "é"], "b": 1}
    turned = {**ROWS, ("event", 7): {"policy": policy, "kind": "collected", "id": 7}}
    berlin = replace(LINK, sealed_at=AT.astimezone(timezone(timedelta(hours=1))))
    assert _fault(berlin, turned) is None


def test_a_column_that_was_added_later_is_not_covered() -> None:
    assert _fault(rows={**ROWS, ("entry", 9): {**ENTRY, "customer_id": 3}}) is None


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ({("event", 7): EVENT}, "row missing: entry 9"),
        ({**ROWS, ("entry", 9): {**ENTRY, "units": -4}}, "row changed: entry 9"),
        ({**ROWS, ("event", 7): {**EVENT, "policy": {}}}, "row changed: event 7"),
        ({**ROWS, ("entry", 9): {"id": 9}}, "column missing: units"),
    ],
)
def test_rows_are_named(rows: Rows, what: str) -> None:
    assert _fault(rows=rows) == what


@pytest.mark.parametrize(
    "change",
    [{"sealed_at": AT + timedelta(microseconds=1)}, {"form": 2}, {"entries": []}],
)
def test_a_changed_seal_is_found(change: dict[str, Any]) -> None:
    assert _fault(replace(LINK, **change)) == "digest wrong: the seal itself was changed"


def test_a_gap_and_a_fork_are_found() -> None:
    assert _fault(replace(LINK, number=2)) == "chain broken: seal 1 is missing"
    other = ChainPosition(0, b"x" * 32)
    assert _fault(after=other) == "chain broken: it does not follow the seal before it"


def test_every_digit_of_a_number_counts() -> None:
    near, far = chain.parsed('{"id": 1.00000000000000000001}'), chain.parsed('{"id": 1.0}')
    assert near != far
    assert chain.parsed('{"id": 9007199254740993}') == {"id": 2**53 + 1}


def test_a_kind_without_rows_keeps_its_columns() -> None:
    known = {"event": ["id"], "entry": ["id", "units"]}
    found = chain.columns_of({("event", 7): EVENT}, known=known)
    assert found == {"event": ["id", "kind", "policy"], "entry": ["id", "units"]}
