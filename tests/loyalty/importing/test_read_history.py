"""A table is read whole, or every line that is wrong is named."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from loyalty.base.errors import InvalidInput
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.importing.import_values import LineReason
from loyalty.importing.line_store import VisitLine, line_store
from loyalty.importing.read_history import ImportedLines, ImportFile, read_history
from tests.factories.history import everything, importing, stamp_spend

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STEPS = Mechanic(BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, 10, step=500)


class Read(NamedTuple):
    history: ImportedLines
    lines: list[VisitLine]


def reading(folder: Path, text: str | bytes, **more: Any) -> Read:
    """What was read, the lines by mailbox and time."""
    path = folder / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    table = ImportFile(path, 1, STEPS, "EUR", "Europe/Berlin", NOW, **more)
    with line_store(program_id=1) as store:
        history = read_history(table, store, told=lambda _done, _size: None)
        return Read(history, [line for person in store.people() for line in person])


def seen(read: Read) -> list[tuple[str, str, int | None]]:
    assert read.history.bad == []
    return [(each.email, str(each.day), each.amount) for each in read.lines]


@pytest.mark.parametrize(
    "text",
    [
        "email,date,amount\na@x.example,2024-01-01,5.50\nb@x.example,2024-01-02,7\n",
        "\ufeffemail,date,amount\r\na@x.example,2024-01-01,5.50\r\nb@x.example,2024-01-02,7\r\n",
        "\n\nemail;date;amount\n\na@x.example;2024-01-01;5,50\n;;\nb@x.example;2024-01-02;7,00",
        "email\tdate\tamount\na@x.example\t2024-01-01\t5.5\nb@x.example\t2024-01-02\t7\n",
        'email,date,amount\n"A@X.example ",2024-01-01,"5,50"\n b@x.example, 2024-01-02 ,7.0,\n',
        ('note,email,date,amount\n"two\nlines, ""quoted""",a@x.example,2024-01-01,5.5\n'
        ",b@x.example,2024-01-02,7\n"),
        "email,date,amount\na@x.example,2024-01-01,5.50\nb@x.example,2024-01-02,7\n".encode(
            "utf-16"
        ),
        "name,email,date,amount\nJos\xe9,a@x.example,2024-01-01,5.50\n,b@x.example,2024-01-02,7\n"
        .encode("latin-1"),
    ],
)  # fmt: skip
def test_the_forms_that_tables_come_in(tmp_path: Path, text: str | bytes) -> None:
    assert seen(reading(tmp_path, text)) == [
        ("a@x.example", "2024-01-01", 550),
        ("b@x.example", "2024-01-02", 700),
    ]


def test_names_and_delimiter_can_be_given(tmp_path: Path) -> None:
    text = "wer|wann,genau|brutto\na@x.example|2024-01-01|5\n"
    wanted = {"customer": "wer", "time": "wann,genau", "amount": "brutto"}
    assert len(seen(reading(tmp_path, text, columns=wanted, delimiter="|"))) == 1
    with pytest.raises(InvalidInput):
        reading(tmp_path, text, columns=wanted, delimiter="#")


def test_equal_lines_differ_by_their_number(tmp_path: Path) -> None:
    line = "a@x.example,2024-01-01,5\n"
    keys = [each.key for each in reading(tmp_path, f"email,date,amount\n{line}{line}").lines]
    assert len(set(keys)) == 2
    other = reading(tmp_path, f"email,date,amount\na@x.example,2024-01-01,5.01\n{line}")
    assert other.lines[1].key == keys[0]


def test_a_mailbox_is_together_and_in_the_order_of_its_times(tmp_path: Path) -> None:
    rows = ["b@x.example,2024-01-02,1", "a+y@x.example,2024-01-03,2", "b@x.example,2024-01-01,3"]
    rows += ["a@x.example,2024-01-03T11:00Z,4", "a@x.example,2023-01-03T12:00:00.5,5"]
    read = reading(tmp_path, "\n".join(["email,date,amount", *rows]))
    assert [(each.email[:3], each.amount) for each in read.lines] == [
        ("a@x", 500),
        ("a+y", 200),
        ("a@x", 400),
        ("b@x", 300),
        ("b@x", 100),
    ]


BAD = (
    "email,date,items,amount\n"
    "a@x.example,2024-01-01,1,5\n"
    "\n"
    "nobody,2024-01-01,1,5\n"
    "a@x.example,2024-13-01,1,5\n"
    'a@x.example,2024-01-01,"one\ntwo",-5\n'
    "a@x.example,2024-01-01,1,5.001\n"
    "a@x.example,2024-01-01,1\n"
    "a@x.example,2024-01-01,1,12,50\n"
    "a@x.example,2027-01-01,1,5\n"
    "a@x.example,2024-01-01,1,9999999\n"
    "a@x.example,2024-01-01,1,\n"
    'a@x.example,2024-01-01,"1"1,5\n'
    "a\ufffd@x.example,2024-01-01,1,5\n"
    "z@x.example,2024-01-01,1,5\n"
    'a@x.example,2024-01-01,"1,5\n'
)
WRONG = [
    (4, LineReason.CUSTOMER, "nobody", "email"),
    (5, LineReason.TIME, "2024-13-01", "date"),
    (6, LineReason.NEGATIVE, "-5", "amount"),
    (8, LineReason.TOO_MANY_DECIMALS, "5.001", "amount"),
    (9, LineReason.FIELDS, "3", ""),
    (10, LineReason.FIELDS, "5", ""),
    (11, LineReason.FUTURE, "2027-01-01", "date"),
    (12, LineReason.TOO_MANY_CARDS, "9999999", "amount"),
    (13, LineReason.MISSING, "", "amount"),
    (14, LineReason.QUOTES, "", ""),
    (15, LineReason.LETTERS, "a\ufffd@x.example", "email"),
    (17, LineReason.QUOTES, "", ""),
]


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    history, lines = reading(tmp_path, BAD)
    assert history.bad == WRONG
    assert (history.read, history.wrong, len(lines)) == (14, 12, 2)


@pytest.mark.django_db
def test_one_bad_line_stops_them_all(tmp_path: Path) -> None:
    program = stamp_spend()
    before = everything()
    report = importing(tmp_path, "email,date,amount\na@x.example,2024-01-01,5\nb,2024,1\n", program)
    assert [each.number for each in report.bad] == [3]
    assert (report.lines, report.visits, report.new_customers) == (2, 0, 0)
    assert everything() == before


@pytest.mark.parametrize("text", ["", "\n\n", "a@x.example,2024-01-01,5\n"])
def test_a_table_needs_a_header(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        reading(tmp_path, text)
    assert refused.value.details["field"] == "columns"


def test_a_header_alone_holds_nothing(tmp_path: Path) -> None:
    assert reading(tmp_path, "email,date,amount\n").lines == []
