"""A job runs for the business that enqueued it, and for no other."""

from contextvars import copy_context

import pytest
from django.db import transaction
from django.utils import timezone
from django_q import signals
from django_q.models import OrmQ, Task
from django_q.tasks import async_task
from pytest_django import Settings

from tenants import context
from tenants.context import NoBusinessError
from tests.harness import work
from tests.harness.acting import as_job_worker
from tests.harness.threads import in_thread
from tests.settings import JOBS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def jobs_of_tests(settings: Settings) -> None:
    """The jobs of tests are jobs."""
    settings.JOBS = JOBS


def _waiting() -> list[object]:
    with context.public():
        return [queued.task["business"] for queued in OrmQ.objects.order_by("id")]


def _run_at_once(name: str, **options: object) -> Task:
    # In a context of its own: a worker's signals choose the business for good.
    with as_job_worker():
        number = copy_context().run(async_task, name, sync=True, **options)
    with context.public():
        found: Task = Task.objects.get(id=number)
        return found


@pytest.mark.parametrize("schema", ["alpha", "beta"])
def test_a_job_runs_for_its_business(schema: str) -> None:
    with context.business(schema):
        done = _run_at_once("tests.harness.work.where")
    assert (done.success, done.result) == (True, f"{schema}: {schema.title()} Coffee")


def test_queued_jobs_carry_their_business() -> None:
    for schema in ("alpha", "beta", "public", "beta"):
        with context.business(schema):
            async_task("tests.harness.work.where")
    assert _waiting() == ["alpha", "beta", "public", "beta"]


def test_nobody_can_enqueue_without_business() -> None:
    with pytest.raises(NoBusinessError):
        in_thread(lambda: async_task("tests.harness.work.where"))
    assert _waiting() == []


def test_a_job_goes_with_its_transaction() -> None:
    def enqueue(*, fails: bool) -> None:
        with transaction.atomic():
            async_task("tests.harness.work.where")
            if fails:
                raise LookupError

    with pytest.raises(LookupError):
        enqueue(fails=True)
    assert _waiting() == []
    enqueue(fails=False)
    assert _waiting() == ["alpha"]


def _entered(task: dict[str, object]) -> object:
    task.update(
        id="1", name="one", func="tests.harness.work.where", args=(), started=timezone.now()
    )
    signals.pre_execute.send(sender="django_q", func=work.where, task=task)
    return context.current_schema()


def test_a_job_without_business_can_read_nothing() -> None:
    def run(job: object) -> None:
        assert _entered({"kwargs": {}}) is None
        assert callable(job)
        job()

    for job in (work.where, work.people_here):
        with pytest.raises(NoBusinessError):
            copy_context().run(run, job)


def test_a_schedule_names_its_business_and_the_job_does_not_see_it() -> None:
    task: dict[str, object] = {"kwargs": {"business": "beta", "other": 1}}
    assert copy_context().run(_entered, task) == "beta"
    assert task["kwargs"] == {"other": 1}


def test_after_a_job_nothing_of_its_business_is_left() -> None:
    def run_two() -> list[object]:
        seen = [_entered({"business": "beta", "kwargs": {}})]
        signals.post_execute_in_worker.send(sender="django_q", func=None, task={})
        return [*seen, context.current_schema()]

    assert copy_context().run(run_two) == ["beta", "public"]


def test_a_failed_job_leaves_its_business_too() -> None:
    def run() -> str | None:
        with pytest.raises(LookupError):
            async_task("tests.harness.work.fail", sync=True)
        return context.current_schema()

    with context.business("beta"):
        assert copy_context().run(run) == "public"
