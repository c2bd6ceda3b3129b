"""/healthz and /readyz."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_q.models import Failure, Task

from tenants import context, health
from tenants.jobs import failures, pulse
from tenants.models import JobPulse
from tests.harness import databases

pytestmark = pytest.mark.django_db


def _ready() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/readyz", headers={"Host": "alpha.localhost"})
    return answer.status_code, json.loads(answer.content)


def test_a_process_that_answers_is_healthy_on_every_host() -> None:
    for host in ("alpha.localhost", "localhost", "nobody.example", "127.0.0.1:8000", ""):
        answer = Client().get("/healthz", headers={"Host": host})
        assert (answer.status_code, json.loads(answer.content)) == (200, {"ok": True})


def test_without_a_job_worker_it_is_not_ready() -> None:
    parts = {"database": True, "migrations": True, "jobs": False, "failed_jobs": {}}
    assert _ready() == (503, {"ok": False, **parts})
    pulse.beat("here")
    assert _ready() == (200, {"ok": True, **parts, "jobs": True})


def test_readyz_counts_what_failed_lately() -> None:
    pulse.beat("here")
    old = timezone.now() - failures.LATELY * 2
    with context.public():
        # The web's role reads what workers write.
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        for number, (func, stopped, is_done) in enumerate(
            [
                ("loyalty.jobs.send_sign_in_mail", timezone.now(), False),
                ("loyalty.jobs.send_sign_in_mail", timezone.now(), False),
                ("loyalty.jobs.send_sign_in_mail", timezone.now(), True),
                ("loyalty.jobs.send_expiry_mail", timezone.now(), False),
                ("loyalty.jobs.send_expiry_mail", old, False),
            ]
        ):
            Task.objects.create(
                id=str(number), func=func, started=stopped, stopped=stopped, success=is_done
            )
        assert Failure.objects.count() == 4
    assert _ready()[1]["failed_jobs"] == {
        "loyalty.jobs.send_expiry_mail": 1,
        "loyalty.jobs.send_sign_in_mail": 2,
    }


def test_an_old_pulse_is_none() -> None:
    with context.public():
        old = timezone.now() - pulse.SILENT_AFTER - timedelta(seconds=1)
        JobPulse.objects.create(worker="gone", seen_at=old)
    assert not pulse.is_alive()
    pulse.beat("here")
    assert pulse.is_alive()


def test_a_pulse_is_one_row_and_yesterdays_are_dropped() -> None:
    with context.public():
        JobPulse.objects.create(worker="gone", seen_at=timezone.now() - timedelta(days=2))
    for _ in range(3):
        pulse.beat("here")
    with context.public():
        assert list(JobPulse.objects.values_list("worker", flat=True)) == ["here"]


def test_missing_migrations_are_seen() -> None:
    pulse.beat("here")
    with context.public(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tenants'")
    assert _ready()[1]["migrations"] is False


@pytest.mark.usefixtures("django_db_setup", "unblocked")
def test_a_database_that_is_away() -> None:
    with databases.connected_to("no_such_database"):
        answer = health.answer("/readyz")
    assert answer.status_code == 503
    assert "password" not in str(answer)


@pytest.mark.parametrize("results", [[True], [True, False], [True, None]])
def test_a_server_that_is_away_is_told_and_takes_no_other_business_with_it(
    results: list[bool | None],
) -> None:
    pulse.beat("here")
    with context.public(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        # Stands in for Citus' own function, which knows the servers.
        cursor.execute(
            "CREATE FUNCTION public.citus_check_cluster_node_health() RETURNS TABLE (result bool)"
            f" LANGUAGE sql AS $$ SELECT unnest(ARRAY{results}::bool[]) $$".replace("None", "NULL")
        )
    status, parts = _ready()
    assert (status, parts["ok"], parts["servers"]) == (200, True, results == [True])
