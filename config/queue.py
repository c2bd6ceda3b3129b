"""The queues of jobs: they hand out jobs of ours alone, and bear a database that is away."""

import logging
import time
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections
from django.db.models import Case, Value, When
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from tenants.jobs import admission

_LOG = logging.getLogger("django-q")


class Queue(ORM):  # type: ignore[misc]  # django-q has no types
    """A queue in its order, and behind it the one that its workers take from besides.

    Hands out only what is on the list of jobs. Keeps the processes that start, and that note
    results, alive without the database.
    """

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:
        """The queue's rows; a process that only starts asks the database for nothing yet."""
        if connections[Conf.ORM or "default"].connection is None:
            return OrmQ.objects.using(Conf.ORM)
        return ORM.get_connection(list_key)

    def dequeue(self) -> list[tuple[int, str]] | None:
        """The job that has waited longest; None, after a moment, when none waits.

        One that is not on the list is replaced by its refusal. django-q takes any: where jobs come
        faster than they are done, one might wait for ever.
        """
        rows, now = self.get_connection(), timezone.now()
        keys = [self.list_key, settings.JOB_QUEUES_BEHIND.get(self.list_key, self.list_key)]
        own_first = Case(When(key=self.list_key, then=Value(0)), default=Value(1))
        job = rows.filter(key__in=keys, lock__lt=now).order_by(own_first, "id").first()
        if job is None:
            time.sleep(Conf.POLL)
            return None
        # Unless another worker was faster.
        taken = rows.filter(id=job.id, lock=job.lock).update(lock=self.timeout(job))
        return [(job.pk, admission.admitted(job.payload, number=job.pk))] if taken else []

    def acknowledge(self, task_id: int) -> None:
        """Take a finished job off the queue; if that fails it runs again, as every job may."""
        try:
            super().acknowledge(task_id)
        except OperationalError:
            _LOG.warning("The database is away: a finished job will run once more.")
