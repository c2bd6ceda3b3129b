"""The columns of a SELECT, named by the fields that they fill: nobody counts places in a row."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Generic, LiteralString, NamedTuple, TypeVar

R = TypeVar("R")
Row = tuple[Any, ...]


class Span(NamedTuple):
    """Where columns lie in a row that was found; `inner` where they are a row within it."""

    columns: slice
    inner: "Columns[Any] | None"


class Columns(Generic[R]):
    """The columns of a NamedTuple or a dataclass, in the order of its fields.

    A field is the column of that name in `table`, but for those that `told` gives: an expression,
    or the columns of a row within this row.
    """

    def __init__(
        self,
        row: Callable[..., R],
        table: LiteralString,
        **told: "LiteralString | Columns[Any]",
    ) -> None:
        names = _names(row)
        if unknown := told.keys() - set(names):
            raise ValueError(f"{row} has no {', '.join(sorted(unknown))}.")
        parts = [told.get(name, f"{table}.{name}") for name in names]
        self.sql: LiteralString = ", ".join(
            part.sql if isinstance(part, Columns) else part for part in parts
        )
        self._row, self._spans = row, _spans(parts)
        self._is_flat = all(span.inner is None for span in self._spans)
        self.width: int = self._spans[-1].columns.stop

    def row(self, found: Row) -> R:
        """The row of what was found."""
        if self._is_flat:
            return self._row(*found)
        values: list[Any] = []
        for columns, inner in self._spans:
            if inner is None:
                values += found[columns]
            else:
                values.append(inner.row(found[columns]))
        return self._row(*values)


def _names(row: Any) -> tuple[str, ...]:
    if is_dataclass(row):
        return tuple(field.name for field in fields(row))
    names: tuple[str, ...] = row._fields
    return names


def _spans(parts: Sequence[str | Columns[Any]]) -> list[Span]:
    # Columns of the row itself that stand side by side are taken at once.
    spans: list[Span] = []
    start = 0
    for part in parts:
        inner = part if isinstance(part, Columns) else None
        stop = start + (inner.width if inner else 1)
        if spans and inner is spans[-1].inner is None:
            spans[-1] = Span(slice(spans[-1].columns.start, stop), None)
        else:
            spans.append(Span(slice(start, stop), inner))
        start = stop
    return spans
