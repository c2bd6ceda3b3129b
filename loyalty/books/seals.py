"""The seals of a business and the rows they cover, as the chain's rule wants them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, LiteralString, NamedTuple

from loyalty.books import chain
from loyalty.books.chain import ChainLink, Columns, Rows, SealProof
from loyalty.books.unsealed import TABLES
from loyalty.db.roundtrip import Query, send

SEALS_AT_ONCE = 500
ROWS_AT_ONCE = 5_000

# Seals until they cover enough rows: a page has at least one, and a limit on both.
_PAGE: LiteralString = """
    SELECT s.number, s.previous, s.sealed_at, s.form, f.columns, s.events, s.entries,
           s.digest, s.marks
      FROM (SELECT p.*, sum(count) OVER (ORDER BY number) - count AS before
              FROM (SELECT * FROM loyalty_seal WHERE number > %s
                     ORDER BY number LIMIT %s) p) s
      LEFT JOIN loyalty_seal f ON f.number = s.form
     WHERE s.before < %s ORDER BY s.number"""


class ChainHead(NamedTuple):
    """The newest seal, and the columns that were covered then."""

    number: int
    digest: bytes
    form: int
    columns: Columns


class StoredSeal(NamedTuple):
    """A seal as it is stored."""

    link: ChainLink
    proof: SealProof


NO_SEAL = ChainHead(0, chain.BEFORE_THE_FIRST, 0, {})


def head() -> Query[ChainHead]:
    """The newest seal; ask behind the lock, when another is to follow."""
    return Query(
        "SELECT h.number, h.digest, h.form, f.columns FROM loyalty_seal h"
        " LEFT JOIN loyalty_seal f ON f.number = h.form ORDER BY h.number DESC LIMIT 1",
        row=lambda found: ChainHead(found[0], found[1], found[2], _columns(found[3])),
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


def rows_by_id(kind: str, ids: list[int]) -> Query[tuple[tuple[str, int], dict[str, Any]]]:
    """All columns of these rows, whatever columns there are, by kind and id."""
    return Query(
        f"SELECT id, to_jsonb(r) FROM {TABLES[kind][0]} r WHERE id = ANY(%s)",  # noqa: S608  our own names
        [ids],
        row=lambda found: ((kind, found[0]), chain.parsed(found[1])),
    )


def _page(last: int) -> list[StoredSeal]:
    page = Query(_PAGE, [last, SEALS_AT_ONCE, ROWS_AT_ONCE], row=_kept)
    send(page)
    return page.rows


def _kept(found: tuple[Any, ...]) -> StoredSeal:
    number, previous, sealed_at, form, columns, events, entries, digest, marks = found
    link = ChainLink(number, previous, sealed_at, form, _columns(columns), events, entries)
    return StoredSeal(link, SealProof(digest, marks))


def _columns(stored: str | None) -> Columns:
    columns: Columns = json.loads(stored) if stored else {}
    return columns


def _first(found: tuple[Any, ...]) -> bytes:
    digest: bytes = found[0]
    return digest
