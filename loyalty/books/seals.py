"""The seals of a business and the rows they cover, as the chain's rule wants them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, LiteralString, NamedTuple

from loyalty.books import chain
from loyalty.books.chain import Columns, Link, Proof, Rows
from loyalty.books.unsealed import TABLES
from loyalty.db.roundtrip import Ask, trip

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


class Head(NamedTuple):
    """The newest seal, and the columns that were covered then."""

    number: int
    digest: bytes
    form: int
    columns: Columns


class Kept(NamedTuple):
    """A seal as it is stored."""

    link: Link
    proof: Proof


NO_SEAL = Head(0, chain.BEFORE_THE_FIRST, 0, {})


def head() -> Ask[Head]:
    """The newest seal; ask behind the lock, when another is to follow."""
    return Ask(
        "SELECT h.number, h.digest, h.form, f.columns FROM loyalty_seal h"
        " LEFT JOIN loyalty_seal f ON f.number = h.form ORDER BY h.number DESC LIMIT 1",
        row=lambda found: Head(found[0], found[1], found[2], _columns(found[3])),
    )


def digest_of(number: int) -> bytes | None:
    """The digest that the seal with this number has, None when there is none."""
    digest = Ask("SELECT digest FROM loyalty_seal WHERE number = %s", [number], row=_first)
    trip(digest)
    return digest.first


def all_seals() -> Iterator[list[Kept]]:
    """Every seal in order, in pages that fit memory with their rows."""
    last = 0
    while page := _page(last):
        yield page
        last = page[-1].link.number


def rows_of(links: Sequence[Link]) -> Rows:
    """The rows that these seals cover; those that are gone are left out."""
    events = rows_by_id(chain.EVENT, [number for link in links for number in link.events])
    entries = rows_by_id(chain.ENTRY, [number for link in links for number in link.entries])
    trip(events, entries)
    return dict([*events.rows, *entries.rows])


def rows_by_id(kind: str, ids: list[int]) -> Ask[tuple[tuple[str, int], dict[str, Any]]]:
    """All columns of these rows, whatever columns there are, by kind and id."""
    return Ask(
        f"SELECT id, to_jsonb(r) FROM {TABLES[kind][0]} r WHERE id = ANY(%s)",  # noqa: S608  our own names
        [ids],
        row=lambda found: ((kind, found[0]), chain.parsed(found[1])),
    )


def _page(last: int) -> list[Kept]:
    page = Ask(_PAGE, [last, SEALS_AT_ONCE, ROWS_AT_ONCE], row=_kept)
    trip(page)
    return page.rows


def _kept(found: tuple[Any, ...]) -> Kept:
    number, previous, sealed_at, form, columns, events, entries, digest, marks = found
    link = Link(number, previous, sealed_at, form, _columns(columns), events, entries)
    return Kept(link, Proof(digest, marks))


def _columns(stored: str | None) -> Columns:
    columns: Columns = json.loads(stored) if stored else {}
    return columns


def _first(found: tuple[Any, ...]) -> bytes:
    digest: bytes = found[0]
    return digest
