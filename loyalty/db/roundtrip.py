"""Transactions in few round trips: BEGIN travels with the first read, COMMIT with the last write.

For the hot path (decision 0004); everything off it uses the ORM.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, Generic, LiteralString, NamedTuple, TypeVar, cast

import psycopg
from django.db import Error, OperationalError, connection
from django.db.models import Model
from psycopg import pq
from psycopg.types.json import Jsonb

from loyalty.db import deadline
from loyalty.db.pipeline import Statement, run

R = TypeVar("R")
CLOCK: LiteralString = "SELECT public.plusone_clock()"


class Query(Generic[R]):
    """One statement and, after its round trip, its rows, each made by `row`."""

    def __init__(
        self,
        sql: LiteralString,
        params: Sequence[object] = (),
        *,
        row: Callable[[tuple[Any, ...]], R] = cast("Any", tuple),  # noqa: B008  a type, not a call with state
    ) -> None:
        self.sql, self.params, self._row = sql, params, row
        self.rows: list[R] = []

    def take(self, rows: list[tuple[Any, ...]]) -> None:
        """Make of the rows that have arrived what was asked for."""
        self.rows = [self._row(found) for found in rows]

    @property
    def first(self) -> R | None:
        """The first row, None when there is none."""
        return self.rows[0] if self.rows else None

    @property
    def only(self) -> R:
        """The first row of a statement that always has one; raises LookupError when it has not."""
        return self.rows[0]


def clock() -> Query[datetime]:
    """The database's time, in UTC; ask for it behind the lock that was waited for."""
    return Query(CLOCK, row=lambda found: found[0])


def database_now() -> datetime:
    """The same at once, where nothing else is asked for."""
    asked = clock()
    send(asked)
    return asked.only


def send(*queries: Query[Any]) -> None:
    """Run statements outside a transaction, in one round trip; each sees the newest state."""
    _on_living_connection(lambda: _send(queries, before=(), after=()))


class Condition(NamedTuple):
    """What must be so at the moment of writing, and the values for its places."""

    sql: LiteralString
    params: Sequence[object]


def insert(
    model: type[Model], only_if: Condition | None = None, /, **values: object
) -> Query[tuple[Any, ...]]:
    """An INSERT of one row, or of none where the condition does not hold; dicts become jsonb."""
    table = model._meta.db_table  # noqa: SLF001  Django's documented meta API
    if only_if is None:
        return Query(_insert_sql(table, tuple(values)), _bound(values))
    sql = _insert_sql(table, tuple(values), only_if.sql)
    return Query(sql, [*_bound(values), *only_if.params])


def update(model: type[Model], pk: int, **values: object) -> Query[tuple[Any, ...]]:
    """An UPDATE of the row with this key."""
    key = model._meta.pk.column  # noqa: SLF001  Django's documented meta API
    return Query(
        _update_sql(model._meta.db_table, key, tuple(values)),  # noqa: SLF001  the same
        [*_bound(values), pk],
    )


def delete(model: type[Model], pk: int) -> Query[tuple[Any, ...]]:
    """A DELETE of the row with this key."""
    key = model._meta.pk.column  # noqa: SLF001  Django's documented meta API
    table = model._meta.db_table  # noqa: SLF001  the same
    return Query(f"DELETE FROM {table} WHERE {key} = %s", [pk])  # noqa: S608  our own names


def _bound(values: dict[str, object]) -> list[object]:
    return [Jsonb(value) if isinstance(value, dict) else value for value in values.values()]


@cache
def _insert_sql(
    table: str, columns: tuple[str, ...], condition: LiteralString | None = None
) -> LiteralString:
    # Names of our own models and columns, never a caller's text.
    places = ", ".join(["%s"] * len(columns))
    row = f"VALUES ({places})" if condition is None else f"SELECT {places} WHERE {condition}"
    return f"INSERT INTO {table} ({', '.join(columns)}) {row}"


@cache
def _update_sql(table: str, key: str, columns: tuple[str, ...]) -> LiteralString:
    changes = ", ".join(f"{column} = %s" for column in columns)
    return f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608  our own names


class Transaction:
    """An open transaction; made by `transaction()`."""

    def __init__(self) -> None:
        self.begun = False
        self.finished = False
        # Inside somebody else's transaction (an import, a test) a savepoint stands in for it.
        self._savepoint = connection.savepoint() if connection.in_atomic_block else None

    def send(self, *queries: Query[Any]) -> None:
        """Run statements in one round trip, in the order given."""
        self._send(queries, after=())

    def finish(self, *queries: Query[Any]) -> None:
        """Run the last statements and commit, in one round trip."""
        if self._savepoint is None:
            self._send(queries, after=("COMMIT",))
        else:
            self._send(queries, after=())
            connection.savepoint_commit(self._savepoint)
        self.finished = True

    def undo(self) -> None:
        """Take everything back."""
        if self._savepoint is not None:
            connection.savepoint_rollback(self._savepoint)
        elif self.begun:
            _roll_back()

    def _send(self, queries: Sequence[Query[Any]], after: Sequence[LiteralString]) -> None:
        if self.begun or self._savepoint is not None:
            _send(queries, before=(), after=after)
            return
        # From here on there may be a transaction to take back, also when this send fails: its
        # first statements were run. Left open, it would fail the thread's next request.
        self.begun = True
        _on_living_connection(lambda: _send(queries, before=("BEGIN",), after=after))


@contextmanager
def transaction() -> Iterator[Transaction]:
    """A transaction that ends with `finish()`; leaving without it, or by an error, undoes it."""
    current = Transaction()
    try:
        yield current
    finally:
        if not current.finished:
            current.undo()


def _roll_back() -> None:
    try:
        connection.rollback()
    except Error:
        connection.close()


def _on_living_connection(send: Callable[[], None]) -> None:
    """Send; when the server had hung up meanwhile, once more on a new connection.

    Safe because nothing was begun yet: a first trip either reads or opens the transaction.
    """
    try:
        send()
    except OperationalError:
        if connection.in_atomic_block or not connection.connection or not _is_dead():
            raise
        connection.close()
        send()


def _is_dead() -> bool:
    raw = cast("psycopg.Connection[Any]", connection.connection)
    return raw.closed or raw.broken


def _send(
    queries: Sequence[Query[Any]],
    *,
    before: Sequence[LiteralString],
    after: Sequence[LiteralString],
) -> None:
    deadline.check()
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    ours = cast("Any", connection)
    begin = [Statement(sql) for sql in (*_joining(raw), *before)]
    path = [Statement(sql, is_planned=False) for sql in ours.pending_search_path()]
    opening = [*path, *begin]
    wanted = [Statement(query.sql, query.params) for query in queries]
    closing = [Statement(sql) for sql in after]
    try:
        with connection.wrap_database_errors:
            found = run(raw, ours.plans, [*opening, *wanted, *closing])
    except Exception:
        ours.forget_search_path()
        raise
    # Who has just answered is alive: Django need not ask before this request's next query.
    ours.health_check_done = True
    for query, rows in zip(queries, found[len(opening) :], strict=False):
        query.take(rows)


def _joining(raw: "psycopg.Connection[Any]") -> Sequence[LiteralString]:
    # Django's atomic() begins with its first statement, and ours may be the first.
    is_idle = raw.pgconn.transaction_status == pq.TransactionStatus.IDLE
    return ("BEGIN",) if connection.in_atomic_block and is_idle else ()
