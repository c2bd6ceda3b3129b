"""Acting as another role of the database for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from psycopg import sql


@contextmanager
def as_owner() -> Iterator[None]:
    """The block runs as the login itself, which owns the tables."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    _become(settings.APP_ROLE)


@contextmanager
def as_job_worker() -> Iterator[None]:
    """The block runs as `run_jobs` does."""
    _become(settings.JOBS_ROLE)
    yield
    _become(settings.APP_ROLE)


def _become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
