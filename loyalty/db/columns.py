"""The columns of a SELECT, named by the fields that they fill: nobody counts places in a row."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Generic, LiteralString, NamedTuple, TypeVar

R = TypeVar("R")
T = TypeVar("T")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Columns(Generic[R]):
    """Columns as SQL, how many they are, and what is made of those that were found."""

    sql: LiteralString
    width: int
    row: Callable[[Row], R]

    def then(self, make: Callable[[R], T]) -> "Columns[T]":
        """The same columns, of which something else is made."""
        row = self.row
        return Columns(self.sql, self.width, lambda found: make(row(found)))

    def or_none(self) -> "Columns[R | None]":
        """The same columns of a LEFT JOIN: None where the first is null."""
        row = self.row
        return Columns(self.sql, self.width, lambda found: None if found[0] is None else row(found))


class Span(NamedTuple):
    """Where columns lie in a row that was found; `inner` where something is made of them."""

    place: slice
    inner: Columns[Any] | None


def columns(
    row: Callable[..., R], table: LiteralString, **told: LiteralString | Columns[Any]
) -> Columns[R]:
    """The columns of a NamedTuple or a dataclass, in the order of its fields.

    A field is the column of that name in `table`, but for those that `told` gives: an expression,
    or columns that are a value of their own.
    """
    names = _names(row)
    if unknown := told.keys() - set(names):
        raise ValueError(f"{row} has no {', '.join(sorted(unknown))}.")
    parts = [told.get(name, f"{table}.{name}") for name in names]
    sql: LiteralString = ", ".join(
        part.sql if isinstance(part, Columns) else part for part in parts
    )
    spans = _spans(parts)
    is_flat = all(span.inner is None for span in spans)
    return Columns(
        sql,
        spans[-1].place.stop,
        (lambda found: row(*found)) if is_flat else (lambda found: row(*_values(found, spans))),
    )


def column(expression: LiteralString, make: Callable[[Any], R]) -> Columns[R]:
    """A single column, of which something is made."""
    return Columns(expression, 1, lambda found: make(found[0]))


def _names(row: Any) -> tuple[str, ...]:
    if is_dataclass(row):
        return tuple(field.name for field in fields(row))
    names: tuple[str, ...] = row._fields
    return names


def _spans(parts: list[LiteralString | Columns[Any]]) -> list[Span]:
    # Columns of the row itself that stand side by side are taken at once.
    spans: list[Span] = []
    start = 0
    for part in parts:
        inner = part if isinstance(part, Columns) else None
        stop = start + (inner.width if inner else 1)
        if spans and inner is spans[-1].inner is None:
            spans[-1] = Span(slice(spans[-1].place.start, stop), None)
        else:
            spans.append(Span(slice(start, stop), inner))
        start = stop
    return spans


def _values(found: Row, spans: list[Span]) -> list[Any]:
    # A row of another width would shift what follows it.
    if len(found) != spans[-1].place.stop:
        raise TypeError(f"{len(found)} columns were found, {spans[-1].place.stop} are named.")
    values: list[Any] = []
    for place, inner in spans:
        if inner is None:
            values += found[place]
        else:
            values.append(inner.row(found[place]))
    return values
