"""`manage.py import_history`, as the person at the terminal sees it."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hosting.terminal.progress_bar import ProgressBar
from loyalty.db.roundtrip import database_now
from loyalty.models import EarnSession
from loyalty.switches import Switches
from tenants import context
from tests.factories.history import counting, everything, stamp_spend
from tests.factories.people import BETA

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
REPORT = """\
Program        Stamps, at Alpha Coffee
Lines          3
Columns        all used but 'items'
Customers      2 in the file, 2 of them new
Visits         3 new, 0 imported before; all that follows is of the new ones
Period         2024-01-01 to 2024-01-02
Spend          60.00 USD
Units          12
Cards filled   1
Bonuses        1 earned (1 card): 1 waiting on the cards, 0 over already
Without units  2 (2 with a zero amount, 0 with too little): each is a visit all the same
Same day       1 after a customer's first on it: each counts, a streak grows once
"""


def run(*words: str, business: str = "alpha", program: str = "Stamps") -> tuple[str, str]:
    """What the command wrote, without the time it took."""
    out, err = StringIO(), StringIO()
    options = ("--business", business, "--program", program)
    try:
        call_command("import_history", *words, *options, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    text, times = re.subn(r"Time +[\d.]+ s, [\d,]+ lines a second\n", "", out.getvalue())
    assert times == 1
    return text, err.getvalue()


def written(folder: Path, text: str) -> str:
    path = folder / "visits.csv"
    path.write_text(text)
    return str(path)


@pytest.fixture
def table(tmp_path: Path) -> str:
    return written(
        tmp_path,
        "customer,date,items,amount\n"
        "a@x.example,2024-01-01,1,60\na@x.example,2024-01-01,1,0.00\nb@x.example,2024-01-02,1,0\n",
    )


def test_a_dry_run_and_then_the_import(table: str) -> None:
    stamp_spend()
    before = everything()
    text, _ = run(table, "--dry-run")
    assert text == f"{REPORT}A dry run: nothing was written.\n"
    assert everything() == before
    assert run(table)[0] == REPORT
    assert EarnSession.objects.count() == 3
    after = everything()
    again = run(table)[0].splitlines()
    assert "Customers      2 in the file, 0 of them new" in again
    assert "Visits         0 new, 3 imported before; all that follows is of the new ones" in again
    assert [line for line in again if line.endswith(" none")] == [
        "Period         none",
        "Bonuses        none",
        "Without units  none",
        "Same day       none",
    ]
    assert everything() == after


def test_bonuses_that_are_over_do_not_wait(tmp_path: Path) -> None:
    stamp_spend(switches=Switches(bonus_valid_days=30))
    day = database_now().date()
    rows = ("2024-01-01,60.00", f"{day},1.00", f"{day},50.00")
    text = "\n".join(["email,date,amount", *(f"a@x.example,{row}" for row in rows)])
    said = run(written(tmp_path, text))[0].splitlines()
    assert "Bonuses        2 earned (2 card): 1 waiting on the cards, 1 over already" in said
    few = "1 (0 with a zero amount, 1 with too little)"
    assert f"Without units  {few}: each is a visit all the same" in said
    assert "Columns        all used" in said


def test_bad_lines_are_listed_and_nothing_is_imported(tmp_path: Path) -> None:
    stamp_spend()
    before = everything()
    rows = [
        "a@x.example,2024-01-01,60",
        "nobody,2024-01-01,60",
        "a@x.example,2024-01-01,6.001",
        ",2024-01-01,60",
        "a@x.example,,60",
        "a@x.example,2024-01-01,",
        "a@x.example,2024-01-01",
        "a@x.example,2024-01-01,99999999",
    ]
    text = written(tmp_path, "\n".join(["E-Mail,Day,Total", *rows]))
    said, err = run(text)
    assert said == "7 of 8 lines are wrong; nothing was imported."
    assert err.splitlines() == [
        "line 3, column 'E-Mail': 'nobody' is no e-mail address",
        "line 4, column 'Total': '6.001' has more decimals than the currency",
        "line 5, column 'E-Mail': the cell is empty, and is needed",
        "line 6, column 'Day': the cell is empty, and is needed",
        "line 7, column 'Total': the cell is empty, and is needed",
        "line 8: it has 2 fields, not as many as the header",
        "line 9, column 'Total': '99999999' is too large: one sale is at most 10000000.00 USD",
    ]
    many = written(tmp_path, "\n".join(["email,date,amount", *["x,x,x"] * 123]))
    said, err = run(many)
    assert said == "123 of 123 lines are wrong; nothing was imported."
    assert len(err.splitlines()) == 101
    assert err.splitlines()[-1] == "… and 23 more"
    assert everything() == before


@pytest.mark.parametrize(
    ("words", "program", "said"),
    [
        (["--columns", "time=when"], "Stamps", "There is no column when."),
        (["--delimiter", "#"], "Stamps", "The delimiter is one of , ; | and tab."),
        (["--delimiter", "tab"], "Stamps", "No column is the customer: name it with --columns"),
        (["--location", "987654"], "Stamps", "There is no such location."),
        ([], "stamps", "There is no such program."),
        ([], "Visits", "Several programs have this name: give the id."),
    ],
)
def test_what_it_does_not_understand(table: str, words: list[str], program: str, said: str) -> None:
    stamp_spend()
    for _ in range(2):
        counting()
    before = everything()
    assert run(table, *words, program=program)[0].startswith(said)
    assert everything() == before


def test_a_business_a_file_and_columns_must_be_there(table: str) -> None:
    stamp_spend()
    assert run(table, business="nobody")[0] == "There is no business nobody."
    assert run("nowhere.csv")[0] == "The file cannot be read: No such file or directory."
    with pytest.raises(CommandError, match="customer=NAME"):
        call_command(
            "import_history", table, "--business=alpha", "--program=Stamps", "--columns=time"
        )


def test_it_works_inside_the_business_that_was_named(table: str) -> None:
    with context.business(BETA):
        stamp_spend()
    alpha = everything()
    assert run(table, business=BETA)[0].startswith("Program        Stamps, at Beta Coffee")
    assert everything() == alpha
    with context.business(BETA):
        assert EarnSession.objects.count() == 3


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    drawn, plain = Terminal(), StringIO()
    for out in (drawn, plain):
        bar = ProgressBar(out)
        for done in (0, 1, 50, 51, 100):
            bar.tell("reading", done, 100)
        bar.close()
    assert drawn.getvalue().count("\r") == 5
    assert drawn.getvalue().endswith(f"\rreading    [{'#' * 30}] 100 %\n")
    assert plain.getvalue() == "reading: 0 %\nreading: 50 %\nreading: 100 %\n"
