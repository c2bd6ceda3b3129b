"""Jobs that go round all businesses."""

from datetime import timedelta
from functools import partial
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from config import jobs
from loyalty.base import tokens
from loyalty.db.roundtrip import database_now
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.jobs import review_due
from loyalty.models import Event, Seal
from tenants import context
from tests.harness.daily import run_jobs


def _log(count: int) -> None:
    now = database_now()
    for number in range(count):
        at = now - timedelta(seconds=number)
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
    monkeypatch.setattr(import_module("loyalty.books.seal"), "BATCH", 2)
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
    monkeypatch.setattr(import_module("loyalty.books.seal"), "BATCH", 2)
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


def _waiting() -> list[tuple[object, object]]:
    with context.public():
        return [(each.task["business"], each.task["func"]) for each in OrmQ.objects.order_by("id")]


def test_every_job_has_its_queue_and_every_queue_its_workers() -> None:
    behind = settings.JOB_QUEUES_BEHIND
    assert set(behind) <= set(settings.JOB_QUEUES)
    assert set(settings.JOBS.values()) == set(settings.JOB_QUEUES) | set(behind.values())
    assert {func for func, *_ in settings.JOB_SCHEDULES.values()} <= set(settings.JOBS)
    for name in settings.JOBS:
        assert callable(import_string(name))


@pytest.mark.django_db
@pytest.mark.parametrize("sweep", ["prune", "expire", "warn", "absences"])
def test_a_sweep_is_one_job_a_business(sweep: str) -> None:
    assert getattr(jobs, f"{sweep}_all")() == "2 done, 0 failed"
    name = f"loyalty.jobs.{sweep}_due"
    assert _waiting() == [("alpha", name), ("beta", name)]


@pytest.mark.django_db
def test_a_review_goes_only_to_businesses_with_news() -> None:
    assert jobs.review_all() == "2 done, 0 failed"
    assert _waiting() == []
    with context.business("beta"):
        _log(1)
    assert jobs.review_all() == "2 done, 0 failed"
    assert _waiting() == [("beta", "loyalty.jobs.review_due")]
    run_jobs()
    assert jobs.review_all() == "2 done, 0 failed"
    assert _waiting() == []


@pytest.mark.django_db
def test_the_rest_of_a_long_log_is_a_job_behind_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = partial(find_anomalies, most_events=2)
    monkeypatch.setattr("loyalty.jobs.find_anomalies", batch)
    for schema, lines in (("alpha", 5), ("beta", 1)):
        with context.business(schema):
            _log(lines)
    jobs.review_all()
    done = []
    while waiting := _waiting():
        done.append(str(waiting[0][0]))
        with context.public():
            OrmQ.objects.order_by("id")[0].delete()
        with context.business(done[-1]):
            review_due()
    assert done == ["alpha", "beta", "alpha", "alpha"]
