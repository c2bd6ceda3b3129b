"""Whatever is changed behind the application's back is found and named."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from loyalty.books import seals
from loyalty.books.broken_seals import ChainWalk, SealFault
from loyalty.books.seal import seal
from loyalty.models import Event, LedgerEntry, Seal
from tenants import context
from tests.factories.visits import visit

pytestmark = pytest.mark.django_db
TABLES = ["loyalty_event", "loyalty_ledgerentry", "loyalty_seal"]
LEAVES_AN_ENTRY_OUT = (
    "UPDATE loyalty_seal SET entries = '{}', count = 2, marks = substr(marks, 1, 16)"
    " WHERE number = 2"
)
SEAL_IS_WRONG = "digest wrong: the seal itself was changed"


@pytest.fixture(autouse=True)
def _four_seals() -> None:
    for _ in range(4):
        visit()
        assert seal() == 3
    with context.business("beta"):
        Event.objects.create(id=1, kind="minted", at="2026-01-01T00:00:00Z")
        assert seal() == 1


@contextmanager
def _as_owner() -> Iterator[Callable[..., None]]:
    """The owner, who can switch triggers off and does."""
    with connection.cursor() as cursor:

        def tamper(sql: str, *values: Any) -> None:
            cursor.execute(sql, values)
            assert cursor.rowcount == 1

        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("RESET ROLE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield tamper
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        cursor.execute("SET ROLE plusone_app")


def _broken() -> list[SealFault]:
    found = list(ChainWalk().broken(progress=lambda _rows: None))
    with context.business("beta"):
        assert list(ChainWalk().broken(progress=lambda _rows: None)) == []
    return found


def _covered(kind: str, *, by: int) -> int:
    ids: list[int] = getattr(Seal.objects.get(number=by), kind)
    return ids[-1]


@pytest.mark.parametrize(
    ("sql", "kind", "what"),
    [
        ("UPDATE loyalty_ledgerentry SET units = 9 WHERE id = %s", "entries", "changed: entry"),
        ("UPDATE loyalty_ledgerentry SET origin = 'x' WHERE id = %s", "entries", "changed: entry"),
        ("UPDATE loyalty_event SET staff_id = 1 WHERE id = %s", "events", "changed: event"),
        ("UPDATE loyalty_event SET policy = '{}' WHERE id = %s", "events", "changed: event"),
        ("DELETE FROM loyalty_ledgerentry WHERE id = %s", "entries", "missing: entry"),
        ("UPDATE loyalty_event SET id = 2 WHERE id = %s", "events", "missing: event"),
    ],
)
def test_a_row_that_was_tampered_with(sql: str, kind: str, what: str) -> None:
    row = _covered(kind, by=2)
    with _as_owner() as tamper:
        tamper(sql, row)
    first, *others = _broken()
    assert first == SealFault(2, f"row {what} {row}")
    # A row under another number is one that nobody has sealed.
    unsealed = [SealFault(None, "row unsealed for long: event 2")] if "id = 2" in sql else []
    assert others == unsealed


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("DELETE FROM loyalty_seal WHERE number = 2", [(3, "chain broken: seal 2 is missing")]),
        (
            "UPDATE loyalty_seal SET digest = sha256('x') WHERE number = 2",
            [(2, SEAL_IS_WRONG), (3, "chain broken: it does not follow the seal before it")],
        ),
        (
            "UPDATE loyalty_seal SET previous = sha256('x') WHERE number = 2",
            [(2, "chain broken: it does not follow the seal before it")],
        ),
        ("UPDATE loyalty_seal SET sealed_at = now() WHERE number = 2", [(2, SEAL_IS_WRONG)]),
        (
            LEAVES_AN_ENTRY_OUT,
            [(2, SEAL_IS_WRONG)],
        ),
        ("UPDATE loyalty_seal SET marks = marks || '\\x00' WHERE number = 2", [(2, SEAL_IS_WRONG)]),
    ],
)
def test_a_seal_that_was_tampered_with(sql: str, broken: list[tuple[int, str]]) -> None:
    with _as_owner() as tamper:
        tamper(sql)
    assert _broken() == [SealFault(*each) for each in broken]


def test_without_its_first_seal_nothing_says_what_was_covered() -> None:
    with _as_owner() as tamper:
        tamper("DELETE FROM loyalty_seal WHERE number = 1")
    first, *others = _broken()
    assert first == SealFault(2, "chain broken: seal 1 is missing")
    assert {each.what for each in others} == {"column missing: event"}


def test_a_walk_in_small_pages_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "ROWS_AT_ONCE", 4)
    walk, heard = ChainWalk(), list[int]()
    assert list(walk.broken(progress=heard.append)) == []
    assert (heard, walk.rows, walk.last.number) == ([6, 12], 12, 4)


def _noted(*words: str) -> str:
    out = StringIO()
    call_command("verify_chain", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_what_to_note_and_compares_it() -> None:
    last = Seal.objects.get(number=4)
    alpha, beta = _noted().splitlines()
    noted = f"4:{bytes(last.digest).hex()}"
    assert alpha == f"1/2 alpha: whole, 12 rows, {noted}"
    assert re.fullmatch(r"2/2 beta: whole, 1 rows, 1:[0-9a-f]{64}", beta)
    visit()
    more = seal()
    assert f"whole, {12 + more} rows, 5:" in _noted("alpha", "--expect", noted)


def test_a_chain_that_was_written_anew_is_found_by_what_was_noted() -> None:
    noted = _noted("alpha").split()[-1]
    with _as_owner() as tamper:
        tamper("DELETE FROM loyalty_seal WHERE number = 4")
    _refused("gone", "alpha", "--expect", noted)
    assert seal() == 3
    assert _broken() == []
    _refused("seal 4: chain broken: it has another digest", "alpha", "--expect", noted)


def _refused(wanted: str, *words: str) -> None:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 broken"):
        call_command("verify_chain", *words, stdout=out, stderr=err)
    assert wanted in err.getvalue()
    assert "1 broken" in out.getvalue()


def test_the_command_names_the_business_and_the_row() -> None:
    row = LedgerEntry.objects.order_by("id").values_list("id", flat=True)[0]
    with _as_owner() as tamper:
        tamper("UPDATE loyalty_ledgerentry SET units = 2 WHERE id = %s", row)
    _refused(f"1/2 alpha: seal 1: row changed: entry {row}")


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["nobody"], "no business"),
        (["--expect", f"1:{'0' * 64}"], "needs the schema"),
        (["alpha", "--expect", "1:xyz"], "hexadecimal"),
    ],
)
def test_the_command_refuses_what_it_does_not_understand(words: list[str], refusal: str) -> None:
    with pytest.raises(CommandError, match=refusal):
        call_command("verify_chain", *words)
