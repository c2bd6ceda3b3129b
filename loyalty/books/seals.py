"""The seals of a business and the rows they cover, as the chain's rule wants them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, LiteralString, NamedTuple

from loyalty.books import chain
from loyalty.books.chain import ChainLink, Columns, Rows, SealProof
from loyalty.books.unsealed import TABLES
from loyalty.db.columns import column, columns
from loyalty.db.roundtrip import Query, send

SEALS_AT_ONCE = 500
ROWS_AT_ONCE = 5_000


class ChainHead(NamedTuple):
    """The newest seal, and the columns that were covered then."""

    number: int
    digest: bytes
    form: int
    columns: Columns


class SealedRow(NamedTuple):
    """A row that a seal covers, by its kind and id, and all that it says."""

    key: tuple[str, int]
    values: dict[str, Any]


class StoredSeal(NamedTuple):
    """A seal as it is stored."""

    link: ChainLink
    proof: SealProof


def _columns(stored: str | None) -> Columns:
    columns: Columns = json.loads(stored) if stored else {}
    return columns


_COVERED = column("f.columns", _columns)
_HEAD = columns(ChainHead, "h", columns=_COVERED)
_SEAL = columns(
    StoredSeal,
    "s",
    link=columns(ChainLink, "s", columns=_COVERED),
    proof=columns(SealProof, "s"),
)
# Seals until they cover enough rows: a page has at least one, and a limit on both.
_PAGE: LiteralString = f"""
    SELECT {_SEAL.sql}
      FROM (SELECT p.*, sum(count) OVER (ORDER BY number) - count AS before
              FROM (SELECT * FROM loyalty_seal WHERE number > %s
                     ORDER BY number LIMIT %s) p) s
      LEFT JOIN loyalty_seal f ON f.number = s.form
     WHERE s.before < %s ORDER BY s.number"""  # noqa: S608  our own columns
NO_SEAL = ChainHead(0, chain.BEFORE_THE_FIRST, 0, {})


def head() -> Query[ChainHead]:
    """The newest seal; ask behind the lock, when another is to follow."""
    return Query(
        f"SELECT {_HEAD.sql} FROM loyalty_seal h"  # noqa: S608  our own columns
        " LEFT JOIN loyalty_seal f ON f.number = h.form ORDER BY h.number DESC LIMIT 1",
        row=_HEAD.row,
    )


def digest_of(number: int) -> bytes | None:
    """The digest that the seal with this number has, None when there is none."""
    digest = Query("SELECT digest FROM loyalty_seal WHERE number = %s", [number], row=_first)
    send(digest)
    return digest.first


def all_seals() -> Iterator[list[StoredSeal]]:
    """Every seal in order, in pages that fit memory with their rows."""
    last = 0
    while page := _page(last):
        yield page
        last = page[-1].link.number


def rows_of(links: Sequence[ChainLink]) -> Rows:
    """The rows that these seals cover; those that are gone are left out."""
    events = rows_by_id(chain.EVENT, [number for link in links for number in link.events])
    entries = rows_by_id(chain.ENTRY, [number for link in links for number in link.entries])
    send(events, entries)
    return dict([*events.rows, *entries.rows])


def rows_by_id(kind: str, ids: list[int]) -> Query[SealedRow]:
    """All columns of these rows, whatever columns there are, by kind and id."""
    key = column("r.id", lambda number: (kind, number))
    row = columns(SealedRow, "r", key=key, values=column("to_jsonb(r)", chain.parsed))
    return Query(
        f"SELECT {row.sql} FROM {TABLES[kind][0]} r WHERE r.id = ANY(%s)",  # noqa: S608  our own names
        [ids],
        row=row.row,
    )


def _page(last: int) -> list[StoredSeal]:
    page = Query(_PAGE, [last, SEALS_AT_ONCE, ROWS_AT_ONCE], row=_SEAL.row)
    send(page)
    return page.rows


def _first(found: tuple[Any, ...]) -> bytes:
    digest: bytes = found[0]
    return digest
