"""What is committed is sealed once, in one chain."""

from datetime import datetime, timedelta, timezone
from importlib import import_module

import pytest
from django.db import Error, connection, transaction

from loyalty.base import tokens
from loyalty.books.broken_seals import ChainWalk, SealFault
from loyalty.books.seal import seal
from loyalty.books.seals import rows_by_id
from loyalty.books.unsealed import REACH
from loyalty.db.database_errors import UNIQUE, sqlstate
from loyalty.db.roundtrip import database_now, send
from loyalty.models import Event, LedgerEntry, Seal
from tenants import context
from tests.factories.visits import visit

pytestmark = pytest.mark.django_db


def _broken() -> list[SealFault]:
    return list(ChainWalk().broken(progress=lambda _rows: None))


def _log(*, ago: timedelta = timedelta(0), random: int = 0) -> int:
    now = database_now()
    at = now - ago
    row = Event.objects.create(id=tokens.ordered_id(at, random=random), kind="minted", at=at)
    return row.id


def _columns(stated: Seal) -> dict[str, list[str]]:
    assert stated.columns is not None
    columns: dict[str, list[str]] = stated.columns
    return columns


def test_what_is_there_is_sealed_once() -> None:
    visit()
    assert seal() == Event.objects.count() + LedgerEntry.objects.count() == 3
    made = Seal.objects.get()
    assert (made.number, made.count, bytes(made.previous)) == (1, 3, bytes(32))
    assert made.events == sorted(Event.objects.values_list("id", flat=True))
    assert made.entries == sorted(LedgerEntry.objects.values_list("id", flat=True))
    assert seal() == 0
    assert Seal.objects.count() == 1
    assert _broken() == []


def test_how_the_database_writes_a_row() -> None:
    # Each seal depends on this form; a Postgres or a setting that changes it must be seen here.
    at = datetime(2026, 3, 1, 13, 0, 0, 120_000, tzinfo=timezone(timedelta(hours=1)))
    details = {"b": 2**60, "a": [None, True, 'é"\n']}
    Event.objects.create(id=5, kind="minted", at=at, staff_id=2**62, details=details)
    read = rows_by_id("event", [5])
    send(read)
    ((key, row),) = read.rows
    assert key == ("event", 5)
    assert {name: value for name, value in row.items() if value is not None} == {
        "id": 5,
        "kind": "minted",
        "at": "2026-03-01T12:00:00.12+00:00",
        "staff_id": 2**62,
        "details": details,
        "code": "",
    }


def test_nothing_to_seal_makes_no_row() -> None:
    assert seal() == 0
    assert not Seal.objects.exists()


def test_each_seal_follows_the_one_before_and_states_columns_once() -> None:
    for _ in range(3):
        visit()
        assert seal() == 3
    first, second, third = Seal.objects.order_by("number")
    assert [bytes(each.previous) for each in (second, third)] == [first.digest, second.digest]
    assert [each.form for each in (first, second, third)] == [1, 1, 1]
    assert _columns(first)["entry"][:3] == ["bonus_id", "card_id", "card_version"]
    assert (second.columns, third.columns) == (None, None)
    assert _broken() == []


def test_many_rows_are_sealed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("loyalty.books.seal"), "BATCH", 10)
    ids = sorted(_log(ago=timedelta(seconds=n)) for n in range(25))
    assert (seal(batches=1), seal()) == (10, 15)
    assert [each.events for each in Seal.objects.order_by("number")] == [
        ids[:10],
        ids[10:20],
        ids[20:],
    ]
    assert _broken() == []


def test_a_backlog_older_than_the_reach_is_sealed_too() -> None:
    old = [_log(ago=timedelta(days=days)) for days in (300, 200, 100)]
    assert seal() == 3
    assert Seal.objects.get().events == old
    # The worker was away for an hour: nobody had sealed anything meanwhile.
    _log(ago=timedelta(hours=1))
    assert seal() == 1
    assert _broken() == []


def test_a_clock_that_ran_ahead_and_was_set_back_loses_nothing() -> None:
    _log(ago=-timedelta(days=1))
    assert seal() == 1
    _log()
    assert seal() == 1
    assert _broken() == []


def test_a_row_put_in_behind_the_chain_is_reported() -> None:
    _log()
    seal()
    late = _log(ago=REACH + timedelta(minutes=1))
    assert seal() == 0
    assert _broken() == [SealFault(None, f"row unsealed for long: event {late}")]


@pytest.mark.parametrize(
    "change", [{"number": 2, "form": 1, "columns": None}, {"previous": b"x" * 32}]
)
def test_the_database_refuses_a_fork(change: dict[str, object]) -> None:
    _log()
    seal()
    made = Seal.objects.values().get()
    with pytest.raises(Error) as caught, transaction.atomic():
        Seal.objects.create(**{**made, **change})
    assert sqlstate(caught.value) == UNIQUE
    assert Seal.objects.values().get() == made


def test_a_column_that_is_added_breaks_no_seal() -> None:
    visit()
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE loyalty_event ADD COLUMN later_code text DEFAULT 'x'")
        cursor.execute("ALTER TABLE loyalty_event ADD COLUMN later_id bigint")
        cursor.execute("SET ROLE plusone_app")
    assert _broken() == []
    visit()
    assert seal() == 3
    first, second = Seal.objects.order_by("number")
    assert set(_columns(second)["event"]) - set(_columns(first)["event"]) == {
        "later_code",
        "later_id",
    }
    assert (second.form, _columns(second)["entry"]) == (2, _columns(first)["entry"])
    assert _broken() == []


def test_every_business_has_its_own_chain() -> None:
    visit()
    with context.business("beta"):
        _log()
        assert seal() == 1
    assert not Seal.objects.exists()
    assert seal() == 3
    with context.business("beta"):
        assert Seal.objects.get().count == 1
        assert _broken() == []
