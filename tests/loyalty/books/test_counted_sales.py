"""The proof counts each sale from what was entered: entries that agree are not enough."""

from dataclasses import replace
from typing import LiteralString

import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, SaleLine, StampMode
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import EarnSession, Event, Product, Program
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.programs.publish_version import publish_version
from tests.factories.people import OWNER, as_customer, as_staff, customer, place

pytestmark = pytest.mark.django_db
ANN, KEY, IP = "ann@alpha.example", "k" * 32, "192.0.2.1"
STEP = Mechanic(BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=9, step=500)
TIERS = Mechanic(
    BonusModel.STAMP_COUNT,
    Mode.TIERED,
    StampMode.PER_LINE_ITEM,
    threshold=9,
    max_units_per_scan=3,
    over_cap=OverCap.TRIM,
)
MENU = (MenuTier("Small", ("Tea", "Bun")), MenuTier("Large", ("Lunch",)))


def sold(program: Program, **entered: object) -> EarnSession:
    """A sale that Ann collected."""
    sale = SaleInput(program.pk, place().location_id, **entered)  # type: ignore[arg-type]  # each fits its field
    live = mint(sale, actor=as_staff(), token_key=KEY)
    collect(live.token or "", actor=as_customer(ANN), ip=IP)
    return EarnSession.objects.get(pk=live.id)


def faults() -> list[tuple[object, ...]]:
    """What the books and the rebuild find."""
    return [tuple(each) for found in (wrong_books(), wrong_rebuilds()) for each in found]


def forge(table: str, change: LiteralString, where: LiteralString, *values: int | str) -> None:
    """A row that only somebody with the whole server in their hands can change."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET {change} WHERE {where}", values)  # noqa: S608  the test's own words
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APP_ROLE)))


@pytest.fixture
def spend() -> Program:
    """A stamp for each 5.00."""
    customer(ANN)
    return publish_program(NewProgram("Spend", "EUR", STEP, gives="Tea"), actor=OWNER)


@pytest.fixture
def tiers() -> Program:
    """Pieces by tier, three a scan."""
    customer(ANN)
    return publish_program(NewProgram("Menu", "EUR", TIERS, menu=MENU), actor=OWNER)


def lines(**pieces: int) -> tuple[SaleLine, ...]:
    return tuple(
        SaleLine(Product.objects.get(name=name, program__name="Menu").pk, count)
        for name, count in pieces.items()
    )


def test_sales_of_all_kinds_are_right(spend: Program, tiers: Program) -> None:
    sold(spend, amount=1_999)
    sold(tiers, lines=lines(Tea=2, Lunch=2))
    assert faults() == []


def test_entries_that_agree_with_the_event_but_not_with_the_sale_are_found(
    spend: Program,
) -> None:
    session = sold(spend, amount=1_999)
    assert session.units == 3
    forge("loyalty_ledgerentry", "units = 4", "session_id = %s AND kind = 'earn'", session.pk)
    forge("loyalty_event", "units = 4", "session_id = %s AND kind = 'collected'", session.pk)
    card = Event.objects.get(session_id=session.pk, kind="collected").card_id or 0
    forge("loyalty_counter", "open = 4", "card_id = %s", card)
    assert faults() == [("a card's units differ from what the sale is worth", session.pk, 4, 3)]


def test_a_code_that_says_more_than_its_sale_is_found(spend: Program) -> None:
    session = sold(spend, amount=1_999)
    forge("loyalty_earnsession", "amount = 900", "id = %s", session.pk)
    assert faults() == [("a code's units differ from its sale", session.pk, 3, 1)]


def test_units_of_the_wrong_tier_are_found(tiers: Program) -> None:
    session = sold(tiers, lines=lines(Tea=1, Lunch=1))
    large = max(session.tier_units or {}, key=int)
    forge(
        "loyalty_earnsession",
        "tier_units = jsonb_build_object(%s::text, 2)",
        "id = %s",
        large,
        session.pk,
    )
    assert [each[0] for each in faults()] == [
        "a code's units differ from its sale",
        "a card's units differ from what the sale is worth",
    ]


def test_a_kinder_promise_is_counted_by_its_own_numbers(spend: Program) -> None:
    sold(spend, amount=600)
    publish_version(spend.pk, replace(STEP, step=1_000), actor=OWNER)
    session = sold(spend, amount=1_999)
    assert (session.units, session.version_id != session.judged_by_id) == (1, True)
    assert faults() == []
    forge("loyalty_ledgerentry", "units = 1", "session_id = %s AND kind = 'earn'", session.pk)
    assert ("a card's units differ from what the sale is worth", session.pk, 1, 3) in faults()


def test_a_product_that_left_the_menu_is_no_fault(tiers: Program) -> None:
    sold(tiers, lines=lines(Tea=2))
    Product.objects.filter(name="Tea").update(is_archived=True)
    assert faults() == []
