"""Jobs that go round all businesses; `settings.JOB_SCHEDULES` and `JOB_ROUNDS` say when."""

import time
from collections.abc import Callable

from hosting.plan_limits import follow_plans
from loyalty.books import BATCH, seal
from loyalty.db.enqueue import enqueue
from loyalty.findings import is_there_news
from tenants.each_business import each_business, schemas

BACKLOG_SECONDS = 4.0


def prune_all() -> str:
    """Let every business forget what has served its time, as jobs of its own."""
    return _all(lambda _schema: enqueue("loyalty.jobs.prune_due", is_kept=False))


def expire_all() -> str:
    """Let every business write what is over, as jobs of its own."""
    return _all(lambda _schema: enqueue("loyalty.jobs.expire_due"))


def warn_all() -> str:
    """Let every business tell its customers what ends soon, as jobs of its own."""
    return _all(lambda _schema: enqueue("loyalty.jobs.warn_due"))


def absences_all() -> str:
    """Let every business write down who has stayed away, as jobs of its own."""
    return _all(lambda _schema: enqueue("loyalty.jobs.absences_due"))


def review_all() -> str:
    """Let every business whose log has something new read it on, as jobs of its own."""
    return _all(_review)


def limits_all() -> str:
    """Give every business the limits of its plan, no matter who wrote the one without the other."""
    sweep = follow_plans()
    return f"{len(sweep.done)} done, {len(sweep.failed)} failed"


def _review(_schema: str) -> None:
    # Most have nothing new: asking costs one statement, a job of its own a dozen.
    if is_there_news():
        enqueue("loyalty.jobs.review_due", is_kept=False)


def _all(work: Callable[[str], object]) -> str:
    sweep = each_business(work)
    return f"{len(sweep.done)} done, {len(sweep.failed)} failed"


def seal_all() -> int:
    """The number of rows sealed: one batch for each business that has something new.

    Those that have more get further batches in turn for 4 seconds, then the next round goes on:
    one with a long backlog keeps nobody waiting.
    """
    until, total, behind = time.monotonic() + BACKLOG_SECONDS, 0, schemas()
    while behind:
        sealed = _seal_a_batch_each(behind)
        total += sum(sealed.values())
        is_over = time.monotonic() > until
        behind = [] if is_over else [name for name, rows in sealed.items() if rows == BATCH]
    return total


def _seal_a_batch_each(wanted: list[str]) -> dict[str, int]:
    sealed: dict[str, int] = {}

    def seal_batch(schema: str) -> None:
        sealed[schema] = seal(batches=1)

    each_business(seal_batch, among=wanted)
    return sealed
