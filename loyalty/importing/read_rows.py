"""Reads a table's rows one after the other, however large the file is."""

import csv
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TextIO

from loyalty.base.errors import InvalidInput
from loyalty.importing.import_columns import DELIMITERS, delimiter_of
from loyalty.importing.import_values import LineReason, UnreadableError
from loyalty.importing.table_text import BEGINNING, table_text

# Of what is held in memory at once; a cell may have 131,072 characters, as csv says.
_LONGEST_LINE = 2**20
_HEADER_WITHIN = 100
_SEPARATOR = re.compile(r"sep=.?\s*", re.IGNORECASE)

Row = list[str] | UnreadableError


@dataclass(slots=True)
class TableRows:
    """The header, and each further row with the number of the line that it begins on.

    `read` says how many bytes of `size` are read; both are 0 where nobody can know.
    """

    header: list[str]
    rows: Iterator[tuple[int, Row]]
    size: int
    read: Callable[[], int]


@contextmanager
def table_rows(
    path: Path, *, delimiter: str | None, wanted: Mapping[str, str]
) -> Iterator[TableRows]:
    """The rows of the file while the block runs; empty ones are left out.

    Raises InvalidInput for what is no table of text, or has no header; OSError without a file.
    """
    with path.open("rb") as raw, _as_text(raw) as text:
        is_file = raw.seekable()
        size = os.fstat(raw.fileno()).st_size if is_file else 0
        header, rows = _rows(text, delimiter, wanted)
        yield TableRows(header, rows, size, raw.tell if is_file else int)


def _as_text(raw: BufferedReader) -> TextIOWrapper:
    # Looked at, not read: what comes through a pipe comes once.
    found = table_text(raw.peek(BEGINNING)[:BEGINNING])
    if found.kind:
        raise InvalidInput(details={"field": "file", "reason": found.kind})
    # Other encodings only spoil letters: harmless in a column that is ignored, refused in ours.
    return TextIOWrapper(raw, encoding=found.encoding, errors="replace", newline="")


def _rows(
    text: TextIO, delimiter: str | None, wanted: Mapping[str, str]
) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    lines = _TextLines(text)
    lines.skip_blank()
    if _SEPARATOR.fullmatch(lines.peek()):
        raise InvalidInput(details={"field": "delimiter", "reason": "declared"})
    delimiter = delimiter or _delimiter(lines, wanted)
    if delimiter not in DELIMITERS:
        raise InvalidInput(details={"field": "delimiter", "reason": "unknown", "what": delimiter})
    rows = _numbered(lines, delimiter)
    _, header = next(rows, (0, []))
    if isinstance(header, UnreadableError):
        raise InvalidInput(details={"field": "columns", "reason": f"header_{header.reason}"})
    if not header:
        raise InvalidInput(details={"field": "columns", "reason": "no_header"})
    return header, rows


class _TextLines:
    """The lines of a text; the first may be read several times before the rest is read once."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._ahead = text, list[str]()
        self.skipped = self._read = 0

    def skip_blank(self) -> None:
        """Go on to the first line with something on it."""
        while (line := self._next()) and line.isspace():
            self.skipped += 1
        self._ahead.append(line)

    def peek(self) -> str:
        """The line that comes next, empty at the end."""
        return self._ahead[0]

    def again(self) -> Iterator[str]:
        """All lines from where this stands, again and again."""
        yield from self._ahead
        while line := self._next():
            self._ahead.append(line)
            yield line

    def once(self) -> Iterator[str]:
        """All lines from where this stands, for the last time."""
        ahead, self._ahead = self._ahead, []
        return chain(ahead, iter(self._next, ""))

    def _next(self) -> str:
        self._read += 1
        line = self._text.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE and not line.endswith(("\n", "\r")):
            what = f"{self._read:,}"
            raise InvalidInput(details={"field": "file", "reason": "long_line", "what": what})
        return line


def _delimiter(lines: _TextLines, wanted: Mapping[str, str]) -> str:
    headers = {each: _header(lines, each) for each in DELIMITERS}
    return delimiter_of({each: found for each, found in headers.items() if found}, wanted=wanted)


def _header(lines: _TextLines, delimiter: str) -> list[str]:
    rows = csv.reader(lines.again(), delimiter=delimiter, strict=True)
    try:
        for _, row in zip(range(_HEADER_WITHIN), rows, strict=False):
            if "".join(row).strip():
                return row
    except csv.Error:
        pass
    return []


def _numbered(lines: _TextLines, delimiter: str) -> Iterator[tuple[int, Row]]:
    rows = csv.reader(lines.once(), delimiter=delimiter, strict=True)
    while True:
        number = lines.skipped + rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            # "field larger than field limit": of all that it says, this alone is no quotation mark.
            is_long = "limit" in str(error)
            yield number, UnreadableError(LineReason.TOO_LONG if is_long else LineReason.QUOTES)
            continue
        if "".join(row).strip():
            yield number, row
