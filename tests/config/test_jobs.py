"""Jobs that go round all businesses."""

from datetime import timedelta

import pytest
from django.db import connections

from config import jobs
from loyalty import tokens
from loyalty.models import Event, Seal
from loyalty.trip import clock, trip
from tenants import context


def _log(count: int) -> None:
    now = clock()
    trip(now)
    for number in range(count):
        at = now.only - timedelta(seconds=number)
        Event.objects.create(id=tokens.ordered_id(at, random=0), kind="minted", at=at)


def _counts(schema: str) -> list[int]:
    with context.business(schema):
        return list(Seal.objects.order_by("number").values_list("count", flat=True))


@pytest.mark.django_db
def test_every_business_is_sealed() -> None:
    for schema, count in (("alpha", 2), ("beta", 3)):
        with context.business(schema):
            _log(count)
    assert (jobs.seal_all(), jobs.seal_all()) == (5, 0)
    assert (_counts("alpha"), _counts("beta")) == ([2], [3])


@pytest.mark.django_db
def test_a_long_backlog_takes_its_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loyalty.actions.seal.BATCH", 2)
    monkeypatch.setattr(jobs, "BATCH", 2)
    _log(5)
    with context.business("beta"):
        _log(1)
    assert jobs.seal_all() == 6
    assert (_counts("alpha"), _counts("beta")) == ([2, 2, 1], [1])


@pytest.mark.django_db
def test_a_backlog_waits_for_the_next_round_when_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("loyalty.actions.seal.BATCH", 2)
    monkeypatch.setattr(jobs, "BATCH", 2)
    monkeypatch.setattr(jobs, "BACKLOG_SECONDS", -1.0)
    _log(5)
    assert [jobs.seal_all() for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.usefixtures("own_database")
def test_a_business_that_fails_keeps_nobody_waiting() -> None:
    with context.business("beta"):
        _log(1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE alpha.loyalty_seal RENAME TO elsewhere")
    assert jobs.seal_all() == 1
    assert _counts("beta") == [1]
