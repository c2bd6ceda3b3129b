"""A connection in the order in which things happened, which is not that of their writing."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from graphql_api.errors import PublicError
from graphql_api.queries.connections import Connection, Edge, Page, PageInfo
from loyalty.models import Event

NodeT = TypeVar("NodeT")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


def latest_first(
    rows: QuerySet[Event], page: Page, *, of: str, present: Callable[[list[Event]], list[NodeT]]
) -> Connection[NodeT]:
    """The page of these lines, what happened last first; lines of one moment as written.

    `of` is the list's name, which its cursors carry. `present` gets all of its rows at once.
    """
    if page.after is not None:
        rows = rows.filter(_beyond("lt", *_place(page.after, of)))
    if page.before is not None:
        rows = rows.filter(_beyond("gt", *_place(page.before, of)))
    order = ("at", "pk") if page.is_backwards else ("-at", "-pk")
    found = list(rows.order_by(*order)[: page.size + 1])
    more, shown = len(found) > page.size, found[: page.size]
    if page.is_backwards:
        shown.reverse()
    edges: list[Edge[Any]] = [
        Edge(cursor=_cursor(row, of), node=node)
        for row, node in zip(shown, present(shown), strict=True)
    ]
    info = PageInfo(
        has_next_page=more if not page.is_backwards else page.before is not None,
        has_previous_page=more if page.is_backwards else page.after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info)


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
    raise PublicError("BAD_USER_INPUT", "This cursor is not one of this list.")
