"""Jobs that go round all businesses; `settings.JOB_SCHEDULES` says when."""

from collections.abc import Callable

from django_q.tasks import async_task

from loyalty.actions.prune import prune
from tenants.each_business import each_business


def prune_all() -> str:
    """Forget what has served its time, in every business; the counts, for the job's result."""
    return _all(lambda _schema: prune())


def expire_all() -> str:
    """Let every business write what is over, as jobs of its own."""
    return _all(lambda _schema: async_task("loyalty.jobs.expire_due"))


def warn_all() -> str:
    """Let every business tell its customers what ends soon, as jobs of its own."""
    return _all(lambda _schema: async_task("loyalty.jobs.warn_due"))


def absences_all() -> str:
    """Let every business write down who has stayed away, as jobs of its own."""
    return _all(lambda _schema: async_task("loyalty.jobs.absences_due"))


def _all(work: Callable[[str], object]) -> str:
    sweep = each_business(work)
    return f"{len(sweep.done)} done, {len(sweep.failed)} failed"
