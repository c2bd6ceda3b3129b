"""Reads another system's table of visits: every line of it, or every reason against it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from loyalty.base.email_address import cleaned
from loyalty.base.errors import InvalidInput
from loyalty.base.values import Mechanic
from loyalty.counting.line_units import LineCounting, counted_by
from loyalty.counting.sale_size import MOST_CARDS
from loyalty.importing.import_columns import UNREADABLE, ImportColumns, columns_of
from loyalty.importing.import_values import (
    LineReason,
    Moment,
    UnreadableError,
    count,
    minor_units,
    moment,
)
from loyalty.importing.line_store import LineStore
from loyalty.importing.read_rows import Row, table_rows

_STEP = 5_000
_REMEMBERED = 50_000
# Of lines that are wrong so many are kept, to be shown; the others are counted.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ImportFile:
    """The file, and what its cells are read by; `columns` are names that are not to be guessed."""

    path: Path
    program_id: int
    mechanic: Mechanic
    currency: str
    zone: str
    now: datetime
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None


class BadLine(NamedTuple):
    """A line that stops the import: its number in the file, why, what stands there and where.

    `column` is the name in the header, empty where no single cell is wrong.
    """

    number: int
    reason: LineReason
    text: str
    column: str = ""


@dataclass(slots=True)
class ImportedLines:
    """What the file holds: `read` lines are not empty, `wrong` of them are; `bad` are the first."""

    columns: ImportColumns
    counted: LineCounting
    read: int = 0
    wrong: int = 0
    bad: list[BadLine] = field(default_factory=list)


def read_history(
    table: ImportFile, store: LineStore, *, told: Callable[[int, int], None]
) -> ImportedLines:
    """What the file holds, its lines in the store; `told` hears how many bytes of all are read.

    Raises InvalidInput when the header does not say what is what, OSError without a file.
    """
    with table_rows(table.path, delimiter=table.delimiter, wanted=table.columns) as file:
        columns = columns_of(file.header, wanted=table.columns, mechanic=table.mechanic)
        has = {"has_amounts": columns.amount is not None, "has_units": columns.units is not None}
        history = ImportedLines(columns, counted_by(table.mechanic, **has))
        reader = _VisitReader(table, history, file.header, store)
        for number, row in file.rows:
            history.read += 1
            try:
                reader.keep(row)
            except UnreadableError as error:
                history.wrong += 1
                if len(history.bad) < MOST_SHOWN:
                    history.bad.append(BadLine(number, error.reason, reader.cell, reader.name))
            if file.size and history.read % _STEP == 0:
                told(file.read(), file.size)
    return history


class _VisitReader:
    """Makes visits of rows; `cell` is the one that was looked at last, `name` its column's."""

    def __init__(
        self, table: ImportFile, history: ImportedLines, header: Sequence[str], store: LineStore
    ) -> None:
        self.cell = self.name = ""
        self._names = [each.strip() for each in header]
        self._table, self._columns, self._counted = table, history.columns, history.counted
        self._store = store
        self._addresses: dict[str, str] = {}
        self._worths: dict[tuple[str | None, str | None], tuple[int | None, int | None, int]] = {}

    def keep(self, row: Row) -> None:
        """Put the visit of a row into the store; raises UnreadableError."""
        self.cell = self.name = ""
        if isinstance(row, UnreadableError):
            raise row
        columns = self._columns
        if len(row) < columns.width or any(row[columns.width :]):
            self.cell = str(len(row))
            raise UnreadableError(LineReason.FIELDS)
        email = self._email(self._look(row, columns.customer))
        at = self._moment(self._look(row, columns.time))
        self._store.add(email, at.at, at.said, at.day, worth=self._worth(row))

    def _look(self, row: list[str], place: int) -> str:
        self.cell, self.name = row[place].strip(), self._names[place]
        return self.cell

    def _email(self, typed: str) -> str:
        known = self._addresses.get(typed)
        if known is not None:
            return known
        if not typed:
            raise UnreadableError(LineReason.MISSING)
        try:
            found = cleaned(typed)
        except InvalidInput:
            reason = LineReason.LETTERS if UNREADABLE in typed else LineReason.CUSTOMER
            raise UnreadableError(reason) from None
        if len(self._addresses) < _REMEMBERED:
            self._addresses[typed] = found
        return found

    def _worth(self, row: list[str]) -> tuple[int | None, int | None, int]:
        # What was paid and how many, and the units of both: prices come again and again.
        columns = self._columns
        paid = None if columns.amount is None else row[columns.amount]
        pieces = None if columns.units is None else row[columns.units]
        known = self._worths.get((paid, pieces))
        if known is not None:
            return known
        amount = units = None
        if columns.amount is not None:
            text = self._look(row, columns.amount)
            amount = minor_units(text, currency=self._table.currency)
        if columns.units is not None:
            units = count(self._look(row, columns.units))
        earned = self._counted.units(amount=amount, units=units)
        if self._counted.fills_more_than(MOST_CARDS, earned):
            raise UnreadableError(LineReason.TOO_MANY_CARDS)
        if len(self._worths) < _REMEMBERED:
            self._worths[paid, pieces] = amount, units, earned
        return amount, units, earned

    def _moment(self, text: str) -> Moment:
        return moment(text, zone=self._table.zone, now=self._table.now)
