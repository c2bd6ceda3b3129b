"""Programs with switches, and visits to them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.books.books import wrong_books
from loyalty.cards.view import CollectOutcome
from loyalty.db.roundtrip import database_now
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Program
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.switches import Switches
from tests.factories.people import OWNER, as_customer, as_staff, place

Move = Callable[[timedelta], None]
DAY = timedelta(days=1)
FIVE = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5)


def published(switches: Switches, rules: Mechanic = FIVE, name: str = "Lunch") -> Program:
    """A running program of alpha with these switches."""
    return publish_program(
        NewProgram(name, "EUR", rules, gives="Free lunch", switches=switches), actor=OWNER
    )


def visit(program: Program, who: str = "ann", **sale: Any) -> CollectOutcome:
    """One sale, minted by staff and collected by this customer; the outcome."""
    wanted = SaleInput(program.pk, place().location_id, **sale)
    token = mint(wanted, actor=as_staff(), token_key="k").token or ""
    return collect(token, actor=as_customer(f"{who}@alpha.example"), ip="192.0.2.1")


def now() -> datetime:
    """The product's clock."""
    return database_now()


def books_are_right() -> bool:
    """True when every check of the books finds nothing."""
    return not list(wrong_books())
