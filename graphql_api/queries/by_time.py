"""A connection in the order in which things happened, which is not that of their writing."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from graphql_api import technical
from graphql_api.errors import PublicError
from graphql_api.queries.connections import Connection, Edge, Page, paged
from loyalty.models import Event

NodeT = TypeVar("NodeT")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


def latest_of_each(
    rows: QuerySet[Event],
    page: Page,
    *,
    of: str,
    cards: Collection[int],
    present: Callable[[list[Event]], list[NodeT]],
) -> dict[int, Connection[NodeT]]:
    """The page of each card's lines, what happened last first; lines of one moment as written.

    All cards are read at once, and `present` gets the rows of all. `of` is the list's name, which
    its cursors carry with their card's number.
    """
    names = {number: f"{of}:{number}" for number in cards}
    # A cursor is one of a single card's list: with one, `cards` is that card.
    for name in names.values():
        if page.after is not None:
            rows = rows.filter(_beyond("lt", *_place(page.after, name)))
        if page.before is not None:
            rows = rows.filter(_beyond("gt", *_place(page.before, name)))
    order = ("at", "pk") if page.is_backwards else ("-at", "-pk")
    found: dict[int, list[Event]] = {number: [] for number in cards}
    for row in _at_most(rows, page.size + 1, order, is_one=len(cards) == 1):
        found[row.card_id or 0].append(row)
    shown = {number: _shown(lines, page) for number, lines in found.items()}
    every = [row for lines in shown.values() for row in lines]
    nodes = dict(zip((row.pk for row in every), present(every), strict=True))
    connections: dict[int, Connection[NodeT]] = {}
    for number, lines in shown.items():
        edges = [Edge(cursor=_cursor(row, names[number]), node=nodes[row.pk]) for row in lines]
        connections[number] = paged(edges, page, more=len(found[number]) > page.size)
    return connections


def _at_most(
    rows: QuerySet[Event], size: int, order: tuple[str, str], *, is_one: bool
) -> QuerySet[Event]:
    """So many of each card; of a single card they are the first of an index."""
    if is_one:
        return rows.order_by(*order)[:size]
    place = Window(RowNumber(), partition_by=F("card_id"), order_by=order)
    return rows.annotate(place_in_list=place).filter(place_in_list__lte=size).order_by(*order)


def _shown(found: Sequence[Event], page: Page) -> Sequence[Event]:
    shown = found[: page.size]
    return shown[::-1] if page.is_backwards else shown


def _beyond(way: str, at: datetime, key: int) -> Q:
    # The first half alone says where the index is entered.
    return Q(**{f"at__{way}e": at}) & (Q(**{f"at__{way}": at}) | Q(**{f"pk__{way}": key}))


def _cursor(row: Event, of: str) -> str:
    return b64encode(f"{of}:{(row.at - _EPOCH) // _MOMENT}:{row.pk}".encode()).decode()


def _place(cursor: str, of: str) -> tuple[datetime, int]:
    try:
        name, moment, key = b64decode(cursor, validate=True).decode("ascii").rsplit(":", 2)
        at = _EPOCH + int(moment) * _MOMENT
        if name == of and 0 <= int(key) < 2**63:
            return at, int(key)
    except (Error, ValueError, OverflowError):
        pass
    raise PublicError("BAD_USER_INPUT", technical.OTHER_CURSOR)
