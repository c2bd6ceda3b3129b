"""Seals what was committed to log and ledger into the business's hash chain."""

from itertools import count

from loyalty.base import exempt
from loyalty.books import chain
from loyalty.books.chain import ChainLink, Rows
from loyalty.books.seals import NO_SEAL, head, rows_by_id
from loyalty.books.unsealed import unsealed
from loyalty.db.roundtrip import Query, clock, database_now, insert, send, transaction
from loyalty.models import Seal

BATCH = 5_000


@exempt.for_operators("the cluster seals every few seconds")
def seal(*, batches: int | None = None) -> int:
    """The number of rows sealed: all that are committed, or so many batches of 5,000 at most.

    0 when there is nothing new, or while somebody else is sealing.
    """
    total = 0
    for done in count(1):
        sealed = _seal_batch()
        total += sealed
        if sealed < BATCH or done == batches:
            break
    return total


def _seal_batch() -> int:
    # Most looks find nothing: they cost two round trips, no lock and no transaction.
    look = unsealed(now=database_now(), limit=1)
    send(look)
    if not look.rows:
        return 0
    with transaction() as current:
        # Two workers at once would append to one head and name the same rows twice. The second does
        # not wait, for the first is doing its work; were it not for the lock, `number` and
        # `previous`, both unique, would refuse its row.
        lock, now, newest = _lock(), clock(), head()
        current.send(lock, now, newest)
        found = unsealed(now=now.only, limit=BATCH)
        current.send(found)
        if not lock.only or not found.rows:
            return 0
        events, entries = (
            sorted(number for kind, number in found.rows if kind == wanted)
            for wanted in (chain.EVENT, chain.ENTRY)
        )
        read = [rows_by_id(chain.EVENT, events), rows_by_id(chain.ENTRY, entries)]
        current.send(*read)
        rows: Rows = dict(row for each in read for row in each.rows)
        before = newest.first or NO_SEAL
        columns = chain.columns_of(rows, known=before.columns)
        number = before.number + 1
        form = before.form if columns == before.columns else number
        link = ChainLink(number, before.digest, now.only, form, columns, events, entries)
        current.finish(_append(link, rows))
    return len(rows)


def _lock() -> Query[bool]:
    return Query(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('seal:' || current_schema(), 0))",
        row=lambda found: bool(found[0]),
    )


def _append(link: ChainLink, rows: Rows) -> Query[tuple[object, ...]]:
    proof = chain.prove(link, rows)
    ids = [*link.events, *link.entries]
    return insert(
        Seal,
        number=link.number,
        sealed_at=link.sealed_at,
        previous=link.previous,
        digest=proof.digest,
        count=len(ids),
        events=list(link.events),
        entries=list(link.entries),
        marks=proof.marks,
        span=f"[{min(ids)},{max(ids)}]",
        form=link.form,
        columns=dict(link.columns) if link.form == link.number else None,
    )
