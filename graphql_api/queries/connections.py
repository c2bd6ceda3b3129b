"""Relay connections by key: stable while rows come and go, 1 to 100 rows a page."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable
from typing import Annotated, Generic, NamedTuple, TypeAlias, TypeVar

import strawberry
from django.db.models import Model, QuerySet

from graphql_api import technical
from graphql_api.errors import PublicError

LARGEST_PAGE = 100
First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="The rows wanted from the start, 1 to 100; not counted where `last` is given."
    ),
]
After: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="A cursor of this list: only the rows behind it."),
]
Last: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="The rows wanted from the end, 1 to 100; not with a `first` of another number."
    ),
]
Before: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="A cursor of this list: only the rows before it."),
]
Size: TypeAlias = Annotated[int, strawberry.argument(description="The most rows wanted, 1 to 100.")]
NodeT = TypeVar("NodeT")
RowT = TypeVar("RowT", bound=Model)


@strawberry.type(
    description="Where a page lies in its list, for asking for the next or the one before."
)
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(
        description="True when there are rows behind this page: ask with `after` its `endCursor`."
    )
    has_previous_page: bool = strawberry.field(
        description="True when there are rows before this page: ask with `before` its "
        "`startCursor`."
    )
    start_cursor: str | None = strawberry.field(
        description="The first row's cursor; null for an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The last row's cursor; null for an empty page."
    )


@strawberry.type(description="A row of a list, and its place there.")
class Edge(Generic[NodeT]):
    """Relay's edge."""

    cursor: str = strawberry.field(
        description="The row's place in the list, opaque: pass it as `after` or `before`."
    )
    node: NodeT = strawberry.field(description="The row itself.")


@strawberry.type(description="One page of a list, 1 to 100 rows.")
class Connection(Generic[NodeT]):
    """Relay's connection."""

    edges: list[Edge[NodeT]] = strawberry.field(
        description="The rows of this page, each with its cursor."
    )
    page_info: PageInfo = strawberry.field(description="Where the page lies in its list.")


class Page(NamedTuple):
    """Which page a caller asks for."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None

    @property
    def size(self) -> int:
        """The rows wanted; raises LIMIT_EXCEEDED outside 1 to 100."""
        first = LARGEST_PAGE if self.first is None else self.first
        size = first if self.last is None else self.last
        # The default cannot be told from the same number that was meant.
        both = self.last is not None and first != LARGEST_PAGE
        if both or not 1 <= size <= LARGEST_PAGE:
            raise PublicError("LIMIT_EXCEEDED", technical.WRONG_SIZE)
        return size

    @property
    def is_backwards(self) -> bool:
        """True when the page is counted from the end."""
        return self.last is not None


def connection(
    rows: QuerySet[RowT], page: Page, *, of: str, present: Callable[[list[RowT]], list[NodeT]]
) -> Connection[NodeT]:
    """The page of these rows, ordered by id; `present` gets all of its rows at once.

    `of` is the list's name, which its cursors carry: they mean nothing in another.
    """
    return _connected(rows, page, of=of, newest_first=False, present=present)


def newest_first(
    rows: QuerySet[RowT], page: Page, *, of: str, present: Callable[[list[RowT]], list[NodeT]]
) -> Connection[NodeT]:
    """The same, the newest first."""
    return _connected(rows, page, of=of, newest_first=True, present=present)


def _connected(
    rows: QuerySet[RowT],
    page: Page,
    *,
    of: str,
    newest_first: bool,
    present: Callable[[list[RowT]], list[NodeT]],
) -> Connection[NodeT]:
    follows, precedes = ("pk__lt", "pk__gt") if newest_first else ("pk__gt", "pk__lt")
    if page.after is not None:
        rows = rows.filter(**{follows: _key(page.after, of)})
    if page.before is not None:
        rows = rows.filter(**{precedes: _key(page.before, of)})
    order = "-pk" if page.is_backwards is not newest_first else "pk"
    found = list(rows.order_by(order)[: page.size + 1])
    more = len(found) > page.size
    shown = found[: page.size]
    if page.is_backwards:
        shown.reverse()
    edges = [
        Edge(cursor=_cursor(row.pk, of), node=node)
        for row, node in zip(shown, present(shown), strict=True)
    ]
    return paged(edges, page, more=more)


def paged(edges: list[Edge[NodeT]], page: Page, *, more: bool) -> Connection[NodeT]:
    """These edges with what is told of the page; `more` rows lie beyond it in its direction."""
    info = PageInfo(
        has_next_page=more if not page.is_backwards else page.before is not None,
        has_previous_page=more if page.is_backwards else page.after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info)


def _cursor(key: int, of: str) -> str:
    return b64encode(f"{of}:{key}".encode()).decode()


def _key(cursor: str, of: str) -> int:
    try:
        name, _, key = b64decode(cursor, validate=True).decode("ascii").rpartition(":")
        if name == of and 0 <= int(key) < 2**63:
            return int(key)
    except (Error, ValueError):
        pass
    raise PublicError("BAD_USER_INPUT", technical.OTHER_CURSOR)
