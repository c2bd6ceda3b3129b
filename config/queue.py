"""The queue of jobs, for a database that may be away for a moment."""

import logging

from django.db import OperationalError
from django_q.brokers.orm import ORM

_LOG = logging.getLogger("django-q")


class Queue(ORM):  # type: ignore[misc]  # django-q has no types
    """Keeps the process that notes results alive when it cannot reach the database."""

    def acknowledge(self, task_id: int) -> None:
        """Take a finished job off the queue; if that fails it runs again, as every job may."""
        try:
            super().acknowledge(task_id)
        except OperationalError:
            _LOG.warning("The database is away: a finished job will run once more.")
