"""The queue of jobs, for a database that may be away for a moment."""

import logging
from typing import Any

from django.db import OperationalError, connections
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

_LOG = logging.getLogger("django-q")


class Queue(ORM):  # type: ignore[misc]  # django-q has no types
    """Keeps the processes that start, and that note results, alive without the database."""

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:
        """The queue's rows; a process that only starts asks the database for nothing yet."""
        if connections[Conf.ORM or "default"].connection is None:
            return OrmQ.objects.using(Conf.ORM)
        return ORM.get_connection(list_key)

    def acknowledge(self, task_id: int) -> None:
        """Take a finished job off the queue; if that fails it runs again, as every job may."""
        try:
            super().acknowledge(task_id)
        except OperationalError:
            _LOG.warning("The database is away: a finished job will run once more.")
