"""Whatever is handed in for a table: a sentence, an exit code, and nothing is written."""

import bz2
import gzip
import io
import json
import lzma
import os
import re
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from loyalty.models import EarnSession
from tests.factories.history import everything, stamp_spend
from tests.harness import databases
from tests.harness.servers import ROOT

HEADER = "email,date,amount"
GOOD = "a@x.example,2024-01-01,5"
TABLE = f"{HEADER}\n{GOOD}\n"
LONGEST = 300
as_command = pytest.mark.django_db(databases=["default", "owner"])


def run(path: Path) -> tuple[list[str], int]:
    """All lines that the command wrote to standard error, and its exit code."""
    err = io.StringIO()
    words = (str(path), "--business", "alpha", "--program", "Stamps")
    try:
        call_command("import_history", *words, stdout=io.StringIO(), stderr=err)
    except CommandError as error:
        return [*err.getvalue().splitlines(), str(error)], error.returncode
    return err.getvalue().splitlines(), 0


def _zipped(name: str) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(name, TABLE)
        return file.getvalue()


def _tarred() -> bytes:
    with io.BytesIO() as file:
        with tarfile.open(fileobj=file, mode="w") as packed:
            packed.addfile(tarfile.TarInfo("visits.csv"), io.BytesIO(TABLE.encode()))
        return file.getvalue()


def _picture(kind: str) -> bytes:
    with io.BytesIO() as file:
        Image.new("RGB", (9, 9), "red").save(file, kind)
        return file.getvalue()


FILES = {
    "gz": (gzip.compress(TABLE.encode()), "The file is packed: unpack it"),
    "bz2": (bz2.compress(TABLE.encode()), "The file is packed"),
    "xz": (lzma.compress(TABLE.encode()), "The file is packed"),
    "tar": (_tarred(), "The file is packed"),
    "xlsx": (_zipped("xl/workbook.xml"), "The file is a workbook or an archive"),
    "png": (_picture("PNG"), "The file is a picture"),
    "jpeg": (_picture("JPEG"), "The file is a picture"),
    "gif": (_picture("GIF"), "The file is a picture"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "The file is a document"),
    "html": (b"<html><table><tr><td>email", "The file is a page of HTML or XML"),
    "json": (json.dumps([{"email": "a@x.example"}]).encode(), "The file is JSON"),
    "utf-16 without a mark": (TABLE.encode("utf-16-le"), "The file is in UTF-16 or UTF-32"),
    "utf-32": (TABLE.encode("utf-32"), "The file is in UTF-16 or UTF-32"),
    "zeros": (TABLE.encode() + b"\0" * 3, "The file is no text"),
    "nothing": (b"", "The file has no header"),
    "blank": (b"\n \r\n" * 5, "The file has no header"),
    "only delimiters": (b";;;\n" * 500, "No column is the customer"),
    "no header": (GOOD.encode(), "No column is the customer"),
    "sep": (b"sep=;\n" + TABLE.encode(), "The first line names the delimiter"),
    "two delimiters": (b"name;a,b\n1;2,3", "Several signs may be the delimiter"),
    "open quotes": (b'email,"date,amount\n', "The quotation marks in the header do not match"),
    "long name": (b'email,"' + b"x" * 140_000, "A name in the header has more than 131,072"),
    "long line": (TABLE.encode() + b"x," * 600_000, "Line 3 has more than a million characters"),
    "one line": (b"x" * 2**21, "Line 1 has more than a million characters"),
    "latin": ("käufer,date,amount".encode("latin-1"), "The header has letters that cannot be"),
    "many columns": (",".join(f"c{n}" for n in range(100_000)).encode(), "No column is the"),
    "twice": (b"email,e-mail,date,amount\n", "Several columns may be the customer"),
}
CELLS = {
    "week": ("a@x.example,2025-W10,5", "'2025-W10' is a week or a day of the year"),
    "day of the year": ("a@x.example,2025-069,5", "'2025-069' is a week or a day of the year"),
    "long cell": ('"' + "x" * 140_000 + '",2024-01-01,5', "a cell has more than 131,072"),
    "long text": ("x" * 100_000 + ",2024-01-01,5", "x…' is no e-mail address"),
    "latin": ("\ufffd@x.example,2024-01-01,5", "cannot be read: save the file as UTF-8"),
    "zero": ("a\0@x.example,2024-01-01,5", "is no e-mail address"),
    "digits": ("a@x.example,2024-01-01,\u0665", "is no number"),
    "power": ("a@x.example,2024-01-01,1e3", "is no number"),
}


@as_command
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_table(tmp_path: Path, name: str) -> None:
    content, said = FILES[name]
    stamp_spend()
    before = everything()
    path = tmp_path / "visits.csv"
    path.write_bytes(content)
    lines, code = run(path)
    assert (len(lines), code) == (1, 1)
    assert lines[0].startswith(said)
    assert len(lines[0]) <= LONGEST
    assert everything() == before


@as_command
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_is_not_certain(tmp_path: Path, name: str) -> None:
    row, said = CELLS[name]
    stamp_spend()
    path = tmp_path / "visits.csv"
    # Beyond the beginning, where a zero would tell that the file is no text.
    path.write_text("\n".join([HEADER, *[GOOD] * 400, row]))
    (line, verdict), code = run(path)
    assert (code, verdict) == (1, "1 of 401 lines are wrong; nothing was imported.")
    assert line.startswith("line 402")
    assert said in line
    assert len(line) <= LONGEST
    assert not EarnSession.objects.exists()


@as_command
def test_a_hundred_thousand_columns_are_counted_not_listed(tmp_path: Path) -> None:
    stamp_spend()
    path = tmp_path / "visits.csv"
    more = ",".join(f"c{n}" for n in range(100_000))
    path.write_text(f"{HEADER},{more}\n{GOOD}{',' * 100_000}\n")
    out = io.StringIO()
    words = (str(path), "--business", "alpha", "--program", "Stamps")
    call_command("import_history", *words, stdout=out, stderr=io.StringIO())
    assert "all used but 'c0', 'c1'" in out.getvalue()
    assert "'c7' and 99,992 more" in out.getvalue()
    assert max(map(len, out.getvalue().splitlines())) <= LONGEST


_SIGNS = st.sampled_from([*'\t\r\n ,;|"\\0\0\ufeff\ufffd=@.-+:TWZ\xe9€', "\U0001f600"])
_CELL = st.one_of(
    st.text(_SIGNS, max_size=6),
    st.sampled_from([*GOOD.split(","), "2025-W10", "24:00", "1,5", "-0", "NaN", '"a""b"', "=1+1"]),
)
_NAMES = st.sampled_from(["email", "date", "amount", "units", "note", "E-Mail", "a,b", '"x;y"', ""])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Something like a table, or like another file."""
    sign = draw(st.sampled_from([",", ";", "\t", "|", ":", ", "]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    header = draw(st.lists(_NAMES, max_size=5))
    rows = draw(st.lists(st.lists(_CELL, max_size=5), max_size=4))
    text = end.join(sign.join(row) for row in [header, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]))
    first = draw(st.sampled_from([content[:40] for content, _ in FILES.values()]))
    return draw(st.sampled_from([b"", b"", b"", first])) + text.encode(encoding, "replace")


@as_command
@settings(
    max_examples=int(os.environ.get("HOSTILE_FILES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=tables())
def test_nothing_that_is_handed_in_is_met_by_anything_but_a_sentence(
    tmp_path: Path, content: bytes
) -> None:
    if not EarnSession.objects.exists():
        stamp_spend()
    path = tmp_path / "visits.csv"
    path.write_bytes(content)
    before = EarnSession.objects.count()
    lines, code = run(path)
    assert all(0 < len(line) <= LONGEST for line in lines)
    assert code in {0, 1}
    assert EarnSession.objects.count() == before or code == 0


@pytest.fixture
def committed(own_database: str) -> dict[str, str]:
    """The environment of a command that works on a database of its own."""
    stamp_spend()
    return {**os.environ, "DATABASE_URL": databases.url(own_database)}


def _command(path: str, environment: dict[str, str], **more: object) -> "subprocess.Popen[str]":
    words = ["import_history", path, "--business", "alpha", "--program", "Stamps"]
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # of keywords that are passed on
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def test_an_interruption_is_told_in_a_sentence(tmp_path: Path, committed: dict[str, str]) -> None:
    path = tmp_path / "visits.csv"
    rows = (f"c{n}@x.example,2024-01-01,5" for n in range(200_000))
    path.write_text("\n".join([HEADER, *rows]))
    process = _command(str(path), committed)
    assert process.stderr is not None
    said = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert said.startswith("reading: ")
    assert rest.splitlines()[-1] == "CommandError: Interrupted: nothing was imported."
    assert "Traceback" not in rest
    assert process.returncode == 130
    assert not EarnSession.objects.exists()


def test_a_pipe_is_read_once(committed: dict[str, str]) -> None:
    process = _command("/dev/stdin", committed, stdin=subprocess.PIPE)
    out, err = process.communicate(TABLE, timeout=60)
    assert (process.returncode, "Traceback" in err) == (0, False)
    assert re.search(r"^Visits +1 new", out, re.MULTILINE)
    assert EarnSession.objects.count() == 1
