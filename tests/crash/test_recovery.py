"""How soon it works again after each kind of death: `-s` shows the figures."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.crash.conftest import Mortal
from tests.crash.test_chaos import IS_LONG
from tests.crash.victims import Backend, Database, Victim, Web, Worker, answers, until

pytestmark = [pytest.mark.xdist_group("servers")]
LOCK = 4711


def told(what: str, seconds: float) -> float:
    """The same, printed."""
    print(f"recovery, {what}: {seconds:.2f} s", flush=True)  # noqa: T201  what a long run is for
    return seconds


@pytest.mark.parametrize("kind", [Database, Backend])
def test_it_serves_2_s_after_the_database_accepts_again(
    mortal: Mortal, kind: Callable[[Mortal], Victim]
) -> None:
    victim = kind(mortal)
    victim.kill()
    first = victim.revive()
    began = time.monotonic()
    # Not one server alone: each of them had connections that are dead now.
    until(lambda: all(answers(mortal, server) for server in mortal.servers.web))
    assert told(f"{victim.name}, every server", first + time.monotonic() - began) < 2


def test_it_serves_10_s_after_a_web_server_died(mortal: Mortal) -> None:
    victim = Web(mortal, mortal.servers.web[0])
    victim.kill()
    began = time.monotonic()
    until(lambda: any(answers(mortal, server) for server in mortal.servers.web))
    assert told("web, at another server", time.monotonic() - began) < 10
    assert told("web, at the same server", victim.revive()) < 10


def test_a_job_that_came_meanwhile_is_done_60_s_after_the_worker_died(mortal: Mortal) -> None:
    victim = Worker(mortal)
    victim.kill()
    job = mortal.enqueue(LOCK)
    began = time.monotonic()
    victim.revive()
    until(lambda: is_done(mortal, job))
    assert told("worker, a job that waited", time.monotonic() - began) < 60


def test_a_worker_that_starts_before_the_database_waits_for_it(mortal: Mortal) -> None:
    victim = Worker(mortal)
    victim.kill()
    mortal.postgres.stop()
    try:
        mortal.servers.start_jobs()
        until(lambda: "The database is away; the jobs begin" in mortal.servers.log())
    finally:
        mortal.start_postgres()
    patient = mortal.servers.jobs
    victim.revive()
    assert mortal.servers.jobs is patient
    assert "Traceback" not in mortal.servers.log()


@pytest.mark.skipif(not IS_LONG, reason="waits 30 s for the lease to end: make chaos")
def test_a_job_is_resumed_60_s_after_its_worker_died_in_its_midst(mortal: Mortal) -> None:
    victim = Worker(mortal)
    with held(mortal):
        job = mortal.enqueue(LOCK)
        until(lambda: is_waiting(mortal))
        victim.kill()
    began = time.monotonic()
    victim.revive()
    until(lambda: is_done(mortal, job))
    assert told("worker, a job in its midst", time.monotonic() - began) < 60


@contextmanager
def held(mortal: Mortal) -> Iterator[None]:
    """Nobody's job passes the lock while the block runs."""
    with psycopg.connect(mortal.servers.database_url, autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


def is_waiting(mortal: Mortal) -> bool:
    """Whether a job stands before the lock."""
    return bool(mortal.look("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


def is_done(mortal: Mortal, job: str) -> bool:
    """Whether the job has succeeded."""
    return bool(mortal.look("SELECT 1 FROM public.django_q_task WHERE id = %s AND success", job))
