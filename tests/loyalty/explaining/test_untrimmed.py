"""What sales would have counted without the scan's ceiling."""

from dataclasses import replace

import pytest

from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, SaleLine, StampMode
from loyalty.explaining.untrimmed import UntrimmedSale, untrimmed_sales, untrimmed_sales_for
from loyalty.models import EarnSession
from loyalty.programs.publish_program import NewProgram, publish_program
from tests.factories.people import OWNER
from tests.factories.perks import MENU, PRICES
from tests.factories.sales import made, sold

pytestmark = pytest.mark.django_db
SPEND = Mechanic(
    BonusModel.AMOUNT_STEP,
    Mode.SIMPLE,
    StampMode.PER_AMOUNT,
    threshold=50,
    step=500,
    max_units_per_scan=20,
)
LINES = Mechanic(
    BonusModel.STAMP_COUNT,
    Mode.TIERED,
    StampMode.PER_LINE_ITEM,
    threshold=9,
    max_units_per_scan=2,
)


def test_only_sales_that_were_trimmed_are_found() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch"), actor=OWNER)
    over, just = sold(program, amount=15000), sold(program, amount=10000)
    assert untrimmed_sales_for({over: 20, just: 20, sold(): 1}) == {over: 30}
    assert untrimmed_sales_for({}) == {}


def test_a_code_that_nobody_collected_is_counted_by_its_own_version() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch"), actor=OWNER)
    number, _ = made(program, amount=15000)
    session = EarnSession.objects.get(pk=number)
    assert untrimmed_sales([UntrimmedSale(session, session.version, session.units)]) == {number: 30}


def test_lines_are_those_of_the_tap_and_a_lost_product_counts_nothing() -> None:
    program = publish_program(
        NewProgram("Lunch", "EUR", LINES, menu=MENU, prices=PRICES), actor=OWNER
    )
    soup = program.products.get(name="Soup").pk
    session = sold(program, lines=(SaleLine(soup, 5),))
    assert untrimmed_sales_for({session: 2}) == {session: 5}
    program.products.filter(pk=soup).delete()
    assert untrimmed_sales_for({session: 2}) == {}


def test_a_program_that_refuses_trims_nothing() -> None:
    rules = replace(SPEND, over_cap=OverCap.REFUSE)
    program = publish_program(NewProgram("Lunch", "EUR", rules, gives="Lunch"), actor=OWNER)
    assert untrimmed_sales_for({sold(program, amount=10000): 20}) == {}
