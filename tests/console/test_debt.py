"""What a card owes is said on the customer's pages, before it counts again."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.models import Bonus, Card, Program
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.undoing.void_session import void_session
from loyalty.wording import card_page
from tests.factories.people import OWNER, as_staff
from tests.factories.perks import MENU, PRICES
from tests.factories.sales import sold

pytestmark = pytest.mark.django_db
CART = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_CART_QTY, threshold=5)
SPEND = Mechanic(BonusModel.CUMULATIVE_SPEND, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=1000)
BY_TIER = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_CART_QTY, threshold=5)


def owing(new: NewProgram, **sale: Any) -> Program:
    """A sale filled a card, its bonus was used, and then the sale was taken back."""
    program = publish_program(new, actor=OWNER)
    if new.menu:
        sale["product_id"] = program.products.get(name="Pasta").pk
    session = sold(program, **sale)
    Bonus.objects.filter(card__program=program).update(status="used")
    void_session(session, actor=as_staff(Role.MANAGER), reason="wrong")
    return program


def page(browser: Client, program: Program) -> str:
    found = Card.objects.get(program=program)
    return unescape(browser.get(f"/card/{found.pk}").text)


def test_stamps_that_are_owed(ann: Client) -> None:
    program = owing(NewProgram("Coffee", "EUR", CART, gives="Coffee"), quantity=5)
    said = "The next 5 stamps pay for a bonus whose sale was taken back."
    assert said in page(ann, program)
    sold(program, quantity=4)
    assert "The next stamp pays for a bonus whose sale was taken back." in page(ann, program)
    sold(program, quantity=2)
    assert "taken back" not in page(ann, program)


def test_money_that_is_owed(ann: Client) -> None:
    program = owing(NewProgram("Dinner", "EUR", SPEND, gives="Dinner"), amount=1250)
    said = "The next €10.00 pay for a bonus whose sale was taken back."
    assert said in page(ann, program)


def test_each_tier_says_what_it_owes(ann: Client) -> None:
    program = owing(NewProgram("Lunch", "EUR", BY_TIER, menu=MENU, prices=PRICES), quantity=5)
    soup = program.products.get(name="Soup").pk
    found = page(ann, program)
    assert found.count("The next 5 stamps of Main pay for a bonus whose sale was taken back.") == 1
    # The counter that is nearest to its bonus makes the headline, and it owes nothing.
    assert "<strong>5 more to go</strong>" in found
    sold(program, quantity=2, product_id=soup)
    found = page(ann, program)
    assert found.count("The next 5 stamps of Main pay for a bonus whose sale was taken back.") == 1
    assert "<strong>3 more to go</strong>" in found


def test_the_list_of_cards_says_it_too(ann: Client) -> None:
    owing(NewProgram("Coffee", "EUR", CART, gives="Coffee"), quantity=5)
    owing(NewProgram("Lunch", "EUR", BY_TIER, menu=MENU, prices=PRICES), quantity=5)
    found = unescape(ann.get("/").text)
    assert "The next 5 stamps pay for a bonus whose sale was taken back." in found
    assert "The next 5 stamps of Main pay for a bonus whose sale was taken back." in found


def test_one_unit_is_one() -> None:
    assert card_page.owed(1, currency=None, tier="Main") == (
        "The next stamp of Main pays for a bonus whose sale was taken back."
    )
