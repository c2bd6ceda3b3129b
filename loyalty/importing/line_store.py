"""The lines of a table on disk, in whatever order somebody asks for: a file may be any size."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from loyalty.base.email_address import mailbox

_AT_ONCE = 5_000
_KIB = 16_384
_SETTINGS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = FILE",
    f"PRAGMA cache_size = -{_KIB}",
    """CREATE TABLE line (
         mailbox TEXT, at TEXT, email TEXT, day INT, said TEXT, amount INT, units INT, earned INT
       )""",
)
_INSERT = "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
# Moments in UTC are in order as texts. Lines of one moment stay as they stand in the file.
_IN_ORDER = "SELECT * FROM line ORDER BY mailbox, at, rowid"


class VisitLine(NamedTuple):
    """One visit; `earned` are its units by the rules in force, `key` is what it is known by."""

    email: str
    at: datetime
    day: date
    amount: int | None
    units: int | None
    earned: int
    key: bytes


class LineStore:
    """Lines as they come, and the same by person and time; made by `line_store()`."""

    def __init__(self, database: sqlite3.Connection, *, program_id: int) -> None:
        self.count = 0
        self._database, self._program_id = database, program_id
        self._waiting: list[tuple[Any, ...]] = []

    def add(
        self,
        email: str,
        at: datetime,
        said: str,
        day: date,
        *,
        worth: tuple[int | None, int | None, int],
    ) -> None:
        """Keep a line: `at` in UTC, `said` is what the file says of it, `worth` what it counts."""
        self.count += 1
        row = (mailbox(email), at.isoformat(), email, day.toordinal(), said, *worth)
        self._waiting.append(row)
        if len(self._waiting) == _AT_ONCE:
            self._flush()

    def people(self) -> Iterator[list[VisitLine]]:
        """The lines of each mailbox, in the order of their times."""
        self._flush()
        found = self._database.execute(_IN_ORDER)
        for _, rows in groupby(found, key=itemgetter(0)):
            yield self._lines(rows)

    def chunks(self, *, lines: int) -> Iterator[list[list[VisitLine]]]:
        """The same, some people at a time: so many lines, or one person with more."""
        chunk, size = list[list[VisitLine]](), 0
        for person in self.people():
            chunk.append(person)
            size += len(person)
            if size >= lines:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    def _flush(self) -> None:
        self._database.executemany(_INSERT, self._waiting)
        self._waiting.clear()

    def _lines(self, rows: Iterable[tuple[Any, ...]]) -> list[VisitLine]:
        # Equal lines are told apart by their number; what the file says of the time, not what we
        # make of it: a location that moves to another zone must not make new visits of old lines.
        equals, found = Counter[str](), list[VisitLine]()
        for _, at, email, day, said, amount, units, earned in rows:
            what = f"{self._program_id}\n{email}\n{said}\n{amount}\n{units}\n"
            equals[what] = number = equals[what] + 1
            key = sha256(f"{what}{number}".encode()).digest()
            moment, on = datetime.fromisoformat(at), date.fromordinal(day)
            found.append(VisitLine(email, moment, on, amount, units, earned, key))
        return found


@contextmanager
def line_store(*, program_id: int) -> Iterator[LineStore]:
    """A store in a file without a name, gone after the block."""
    database = sqlite3.connect("", isolation_level=None)
    try:
        for statement in _SETTINGS:
            database.execute(statement)
        database.execute("BEGIN")
        yield LineStore(database, program_id=program_id)
    finally:
        database.close()
