"""Writes an import's rows while the next ones are decided."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from django.db import connection

from loyalty.importing.import_rows import ImportRows

if TYPE_CHECKING:
    import psycopg


class ImportWriter:
    """One batch at a time on a thread of its own: the database works while we do.

    It writes through this thread's connection, inside its transaction; nobody else may use the
    connection until the writer is done.
    """

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool, self._pending = pool, cast("Future[None] | None", None)
        self._raw = cast("psycopg.Connection[Any]", connection.connection)
        self._plans: set[str] = cast("Any", connection).plans

    def write(self, rows: ImportRows) -> None:
        """Begin to write these rows, when the ones before are written."""
        self.wait()
        self._pending = self._pool.submit(rows.write, self._raw, self._plans)

    def wait(self) -> None:
        """Return when all is written; raises Django's database errors."""
        pending, self._pending = self._pending, None
        if pending is not None:
            with connection.wrap_database_errors:
                pending.result()


@contextmanager
def writing() -> Iterator[ImportWriter]:
    """A writer for a block that does not use the database itself; ends when all is written."""
    connection.ensure_connection()
    with ThreadPoolExecutor(1, thread_name_prefix="import") as pool:
        writer = ImportWriter(pool)
        yield writer
        writer.wait()
