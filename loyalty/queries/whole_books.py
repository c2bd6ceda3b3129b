"""Everything that is wrong with a business's books, read at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from loyalty.queries.books import Wrong, wrong_books
from loyalty.queries.rebuild import Tell, silent, wrong_rebuilds

_SNAPSHOT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    # A request's seconds are too few to read a large ledger, and to count it between two reads.
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


def wrong_in_all(tell: Tell = silent) -> list[Wrong]:
    """What the checks and the count from the beginning find; nobody is held up meanwhile.

    People go on collecting: all of it is of the moment of the first read, or a sale would be seen
    in one place and not yet in the other. `tell` hears how many customers of how many are done.
    """
    with _one_moment():
        return [*wrong_books(), *wrong_rebuilds(tell)]


@contextmanager
def _one_moment() -> Iterator[None]:
    # Whoever has begun a transaction already, as a test has, has chosen what it sees.
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in _SNAPSHOT:
                cursor.execute(statement)
        yield
