"""An import and the counter at work on one customer at once: nothing is lost, nothing twice."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection

from loyalty.base.errors import InvalidInput
from loyalty.books.books import wrong_books
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.importing.import_history import ImportRequest, import_history
from loyalty.models import Card, Event, Program
from tenants import context
from tests.factories.history import card_of, stamp_spend
from tests.factories.people import ALPHA, as_customer, as_staff, place
from tests.harness.threads import closing

pytestmark = pytest.mark.usefixtures("own_database")
T = TypeVar("T")
ANN = "ann@alpha.example"
SALES = 12


def inside(work: Callable[[], T]) -> T:
    """Run on a thread of its own for the business."""

    def run() -> T:
        with context.business(ALPHA):
            return work()

    return closing(run)


def table(folder: Path, visits: int) -> Path:
    path = folder / "visits.csv"
    rows = [f"{ANN},2024-01-01T12:00:{n % 60:02d},5.00" for n in range(visits)]
    path.write_text("\n".join(["email,time,amount", *rows]))
    return path


def sell(program: Program) -> None:
    wanted = SaleInput(program.pk, place().location_id, amount=500)
    token = mint(wanted, actor=as_staff(), token_key="k").token or ""
    collect(token, actor=as_customer(ANN), ip="192.0.2.1")


def waiting() -> int:
    """How many others wait for the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
            " AND transactionid = pg_current_xact_id()::xid"
        )
        return int(cursor.fetchone()[0])


def check(program: Program, visits: int) -> None:
    assert card_of(ANN, program) == (visits, visits % 10, visits // 10)
    versions = Event.objects.filter(kind="collected").order_by("card_version")
    assert list(versions.values_list("card_version", flat=True)) == list(range(1, visits + 1))
    assert Card.objects.get().version == visits
    assert list(wrong_books()) == []


def test_a_collect_that_comes_meanwhile_waits_and_goes_on(tmp_path: Path) -> None:
    program = stamp_spend()
    sell(program)
    path = table(tmp_path, 25)
    begun: list[Future[None]] = []

    with ThreadPoolExecutor(1) as pool:

        def tell(stage: str, _done: int, _total: int) -> None:
            # The customer is locked: the sale begins here, and must wait for the end.
            if stage == "crediting" and not begun:
                begun.append(pool.submit(inside, lambda: sell(program)))
                while not waiting():
                    assert not begun[0].done()

        import_history(ImportRequest(path, str(program.pk)), tell=tell)
        begun[0].result()
    check(program, 27)


def test_sales_and_files_at_once(tmp_path: Path) -> None:
    program = stamp_spend()
    path = table(tmp_path, 200)

    def read() -> int | str:
        try:
            return import_history(ImportRequest(path, str(program.pk))).visits
        except InvalidInput as error:
            return str(error.details["reason"])

    with ThreadPoolExecutor(4) as pool:
        sales: list[Future[None]] = [
            pool.submit(inside, lambda: sell(program)) for _ in range(SALES // 2)
        ]
        imports = [pool.submit(inside, read) for _ in range(3)]
        sales += [pool.submit(inside, lambda: sell(program)) for _ in range(SALES // 2)]
        found = [each.result() for each in imports]
        # One at a time: anybody who comes meanwhile is told so at once, no matter who comes later
        # has all.
        assert found.count(200) == 1
        assert set(found) <= {200, 0, "import_under_way"}
        for each in sales:
            each.result()
    check(program, 200 + SALES)


def test_a_second_import_is_refused_at_once_and_reads_nothing(tmp_path: Path) -> None:
    program = stamp_spend()
    path = table(tmp_path, 25)
    said: list[str] = []

    def tell(stage: str, _done: int, _total: int) -> None:
        if stage == "crediting" and not said:
            with ThreadPoolExecutor(1) as pool:
                said.append(pool.submit(inside, second).result())

    def second() -> str:
        stages: list[str] = []
        wanted = ImportRequest(path, str(program.pk))
        with pytest.raises(InvalidInput) as refused:
            import_history(wanted, tell=lambda stage, _done, _total: stages.append(stage))
        assert stages == []
        return str(refused.value.details["reason"])

    import_history(ImportRequest(path, str(program.pk)), tell=tell)
    assert said == ["import_under_way"]
    check(program, 25)
