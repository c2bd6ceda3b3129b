"""Puts jobs into the queues that `settings.JOBS` names for them."""

from django.conf import settings
from django_q.tasks import async_task


def enqueue(job: str, *args: object, is_kept: bool = True) -> None:
    """Let a worker run the job for the active business, once the caller's transaction is through.

    The result of one that is not kept is forgotten, unless it failed: of what every business has
    every few minutes, nobody reads it.
    """
    async_task(job, *args, cluster=settings.JOBS[job], save=is_kept)
