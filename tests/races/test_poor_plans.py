"""The planner looked at every table while nobody could see what an import had written to it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections

from loyalty.books.whole_books import wrong_in_all
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.importing.import_history import ImportRequest, import_history
from loyalty.importing.import_rows import WRITTEN
from loyalty.models import Program
from tests.factories.history import stamp_spend
from tests.factories.sales import sold

pytestmark = pytest.mark.usefixtures("own_database")
LINES = int(os.environ.get("IMPORT_LINES", "2400"))
# Each line meets some ten others by its keys; two tables row by row would be hundreds.
MOST = 150
_STATISTICS = """
SELECT sum(relpages), sum(greatest(reltuples, 0)) FROM pg_class
 WHERE relnamespace = 'alpha'::regnamespace AND relname = ANY(%s)
"""
_READ = """
SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables
 WHERE schemaname = 'alpha'
"""


def table(folder: Path, lines: int) -> Path:
    """Some lines a customer, at any time of the year."""
    path = folder / f"{lines}.csv"
    rows = (
        f"c{n * 7 % (lines // 3)}@x.example,2024-{n % 12 + 1:02}-{n % 28 + 1:02},{n % 40}.00"
        for n in range(lines)
    )
    path.write_text("\n".join(["email,date,amount", *rows]))
    return path


def analyzed() -> tuple[int, int]:
    """What autovacuum does at any moment: the pages and the rows that it knows of afterwards."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(WRITTEN)}")
    return _known()


def rows_read(work: Callable[[], object]) -> int:
    """How many rows of the business's tables the database goes through for it."""
    before = _rows_read()
    work()
    return _rows_read() - before


def _rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    # What a session read is told when it has nothing to do.
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return int(cursor.fetchone()[0])


def imported(path: Path, program: Program) -> tuple[int, int]:
    """What the planner knows afterwards, of pages and of rows."""
    known = list[tuple[int, int]]()

    def tell(stage: str, _done: int, _total: int) -> None:
        # All is written, and nobody else can see any of it.
        if stage == "finishing":
            known.append(analyzed())

    assert import_history(ImportRequest(path, str(program.pk)), tell=tell).visits == LINES
    return known[0]


def test_rows_are_read_some_times_not_once_for_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, first, second = table(tmp_path, LINES), stamp_spend(), stamp_spend()
    read = {"first import": rows_read(lambda: imported(path, first))}
    pages, rows = _known()
    # Large tables with next to nothing in them, as far as the planner knows.
    assert pages > LINES / 30 > rows
    read["books"] = rows_read(lambda: check(wrong_in_all()))
    read["second import"] = rows_read(lambda: imported(path, second))
    read["books again"] = rows_read(lambda: check(wrong_in_all()))
    read["nothing new"] = rows_read(lambda: import_history(ImportRequest(path, str(first.pk))))
    for _ in range(6):
        sold(first, "c1@x.example", amount=500)
    read["review"] = rows_read(lambda: check(find_anomalies() - 1))
    with capsys.disabled():
        sys.stdout.write(f" { ({name: round(each / LINES, 1) for name, each in read.items()}) } ")
    assert max(read.values()) < MOST * LINES


def check(found: object) -> None:
    assert not found


def _known() -> tuple[int, int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(_STATISTICS, [WRITTEN])
        pages, rows = cursor.fetchone()
    return int(pages), int(rows)
