"""Everything that is wrong with a business's books, read at one moment."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from loyalty.base import exempt
from loyalty.books.books import BookFault, wrong_books
from loyalty.books.rebuild import Tell, silent, wrong_rebuilds

_SNAPSHOT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    # A request's seconds are too few to read a large ledger, and to count it between two reads.
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
# The planner may have looked at a table while it was empty, or while an import filled it and
# nobody could see the rows yet, and takes it for empty still. Where whole tables are compared, each
# is read once; where some customers are, rows are found by their keys.
_TABLES = ("SET LOCAL enable_nestloop = off", "SET LOCAL enable_seqscan = on")
_KEYS = ("SET LOCAL enable_nestloop = on", "SET LOCAL enable_seqscan = off")
Plan = Callable[[Sequence[str]], None]


@exempt.for_operators("verify_ledger asks")
def wrong_in_all(tell: Tell = silent) -> list[BookFault]:
    """What the checks and the count from the beginning find; nobody is held up meanwhile.

    People go on collecting: all of it is of the moment of the first read, or a sale would be seen
    in one place and not yet in the other. `tell` hears how many customers of how many are done.
    """
    with _one_moment() as plan_for:
        plan_for(_TABLES)
        wrong = list(wrong_books())
        plan_for(_KEYS)
        return [*wrong, *wrong_rebuilds(tell)]


@contextmanager
def _one_moment() -> Iterator[Plan]:
    # Anybody who has begun a transaction already, as a test has, has chosen what it sees.
    if connection.in_atomic_block:
        yield _run
        return
    with transaction.atomic():
        _run(_SNAPSHOT)
        yield _run


def _run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
