"""Reads another system's table of visits: every line of it, or every reason against it."""

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TextIO

from loyalty.email_address import cleaned
from loyalty.errors import InvalidInput
from loyalty.rules.import_columns import DELIMITERS, Columns, columns_of, delimiter_of
from loyalty.rules.import_units import Counted, counted_by
from loyalty.rules.import_values import (
    Moment,
    Reason,
    UnreadableError,
    count,
    minor_units,
    moment,
)
from loyalty.rules.sale_size import MOST_CARDS
from loyalty.values import Mechanic

_STEP = 5_000
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Table:
    """The file, and what its cells are read by; `columns` are names that are not to be guessed."""

    path: Path
    program_id: int
    mechanic: Mechanic
    currency: str
    zone: str
    now: datetime
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None


class Line(NamedTuple):
    """One visit; `earned` are its units by the rules in force, `key` is what it is known by."""

    email: str
    at: datetime
    day: date
    amount: int | None
    units: int | None
    earned: int
    key: bytes


class BadLine(NamedTuple):
    """A line that stops the import: its number in the file, why, what stands there and where.

    `column` is the name in the header, empty where no single cell is wrong.
    """

    number: int
    reason: Reason
    text: str
    column: str = ""


@dataclass(slots=True)
class History:
    """What the file holds: when there are `bad` lines, `lines` is not all of it."""

    columns: Columns
    counted: Counted
    lines: list[Line] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    @property
    def read(self) -> int:
        """The lines that are not empty."""
        return len(self.lines) + len(self.bad)


def read_history(table: Table, *, told: Callable[[int], None]) -> History:
    """All lines of the file; `told` hears how many bytes are read.

    Raises InvalidInput when the header does not say what is what, OSError without a file.
    """
    with _opened(table.path) as file:
        rows = _rows(file, table)
        _, header = next(rows, (0, []))
        if isinstance(header, UnreadableError) or not header:
            raise InvalidInput(details={"field": "columns", "reason": "no_header"})
        columns = columns_of(header, wanted=table.columns, mechanic=table.mechanic)
        has = {"has_amounts": columns.amount is not None, "has_units": columns.units is not None}
        history = History(columns, counted_by(table.mechanic, **has))
        reader = _Reader(table, columns, history.counted, header)
        for number, row in rows:
            try:
                history.lines.append(reader.line(row))
            except UnreadableError as error:
                history.bad.append(BadLine(number, error.reason, reader.cell, reader.name))
            if history.read % _STEP == 0:
                told(file.buffer.tell())
    return history


def _opened(path: Path) -> TextIO:
    with path.open("rb") as file:
        start = file.read(2)
    is_wide = start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    # Other encodings only spoil letters: harmless in a column that is ignored, refused in ours.
    return path.open(encoding="utf-16" if is_wide else "utf-8-sig", errors="replace", newline="")


def _rows(file: TextIO, table: Table) -> Iterator[tuple[int, list[str] | UnreadableError]]:
    """Each line that is not empty, with the number of the line in the file that it begins on."""
    start = next((line for line in file if not line.isspace()), "")
    file.seek(0)
    delimiter = table.delimiter or delimiter_of(start)
    if delimiter not in DELIMITERS:
        raise InvalidInput(details={"field": "delimiter", "reason": "unknown", "what": delimiter})
    rows = csv.reader(file, delimiter=delimiter, strict=True)
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield number, UnreadableError(Reason.QUOTES)
            continue
        if "".join(row).strip():
            yield number, row


class _Reader:
    """Makes visits of rows; `cell` is the one that was looked at last, `name` its column's."""

    def __init__(
        self, table: Table, columns: Columns, counted: Counted, header: Sequence[str]
    ) -> None:
        self.cell = self.name = ""
        self._names = [each.strip() for each in header]
        self._table, self._columns, self._counted = table, columns, counted
        self._addresses: dict[str, str] = {}
        self._worths: dict[tuple[str | None, str | None], tuple[int | None, int | None, int]] = {}
        # By the key of the first of them, which its line holds anyhow.
        self._equals: dict[bytes, int] = {}

    def line(self, row: list[str] | UnreadableError) -> Line:
        """The visit of a row; raises UnreadableError."""
        self.cell = self.name = ""
        if isinstance(row, UnreadableError):
            raise row
        columns = self._columns
        if len(row) < columns.width or any(row[columns.width :]):
            self.cell = str(len(row))
            raise UnreadableError(Reason.FIELDS)
        email = self._email(self._look(row, columns.customer))
        at = self._moment(self._look(row, columns.time))
        amount, units, earned = self._worth(row)
        key = self._key(email, at, amount, units)
        return Line(email, at.at, at.day, amount, units, earned, key)

    def _look(self, row: list[str], place: int) -> str:
        self.cell, self.name = row[place].strip(), self._names[place]
        return self.cell

    def _email(self, typed: str) -> str:
        known = self._addresses.get(typed)
        if known is not None:
            return known
        if not typed:
            raise UnreadableError(Reason.MISSING)
        try:
            found = cleaned(typed)
        except InvalidInput:
            raise UnreadableError(Reason.CUSTOMER) from None
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
            raise UnreadableError(Reason.TOO_MANY_CARDS)
        if len(self._worths) < _REMEMBERED:
            self._worths[paid, pieces] = amount, units, earned
        return amount, units, earned

    def _moment(self, text: str) -> Moment:
        return moment(text, zone=self._table.zone, now=self._table.now)

    def _key(self, email: str, at: Moment, amount: int | None, units: int | None) -> bytes:
        # What the file says of the time, not what we make of it: a location that moves to another
        # zone must not make new visits of old lines.
        said = f"{self._table.program_id}\n{email}\n{at.said}\n{amount}\n{units}"
        first = sha256(f"{said}\n1".encode()).digest()
        number = self._equals.get(first, 0) + 1
        self._equals[first] = number
        return first if number == 1 else sha256(f"{said}\n{number}".encode()).digest()
