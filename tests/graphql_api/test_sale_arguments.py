"""Staff read what a program takes of a sale, when they entered something else."""

from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Mechanic, Mode
from loyalty.models import Product, Program
from loyalty.programs.configuration import VARIANTS
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program, usual_surplus
from tests.factories import people
from tests.factories.people import OWNER, place
from tests.factories.refusals import everything
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
MINT = """mutation ($input: GenerateQRInput!) { generateQR(input: $input) { __typename
  ... on Refusal { code message } } }"""
MENU = (MenuTier("S", ("Soup",)), MenuTier("M", ("Pasta",)))


def program(variant: str) -> Program:
    model, mode, stamps = VARIANTS[variant]
    rules = Mechanic(model, mode, stamps, 5, surplus=usual_surplus(model))
    offer: dict[str, Any] = {"menu": MENU} if mode is Mode.TIERED else {"gives": "Soup"}
    return publish_program(NewProgram("Lunch", "EUR", rules, **offer), actor=OWNER)


def product(of: Program, name: str = "Soup") -> str:
    return global_id("Product", Product.objects.get(program=of, name=name).pk)


def answers(at: Program, **sale: Any) -> list[Any]:
    """Of the dry run and of the sale; refusals change nothing."""
    given = {
        "programId": global_id("Program", at.pk),
        "locationId": global_id("Location", place().location_id),
    }
    before, found = everything(), []
    for dry_run in (True, False):
        wanted = {**given, "dryRun": dry_run, **sale}
        answer = told(MINT, token=people.staff().token, input=wanted).data
        found.append((answer.get("code"), answer.get("message")))
    if found[1] != (None, None):
        assert everything() == before
    return found


@pytest.mark.parametrize(
    ("variant", "sale", "said"),
    [
        ("stamp-classic", {"quantity": 5}, "Each code is one visit here: leave out quantity."),
        (
            "tier-visit",
            {"quantity": 5},
            "Each code is one visit here, of the product sold: leave out quantity.",
        ),
        (
            "spend-total",
            {"quantity": 2},
            "This program goes by the total of the receipt (amount): leave out quantity.",
        ),
        ("stamp-cart", {"amount": 500}, "Enter how many."),
        (
            "tier-item",
            {"quantity": 2},
            "This program goes by what was bought (lines): leave out quantity.",
        ),
        ("spend-total", {}, "Enter the total of the receipt."),
        ("stamp-cart", {}, "Enter how many."),
        ("tier-item", {}, "Enter what was bought."),
    ],
)
def test_what_the_program_takes(variant: str, sale: dict[str, Any], said: str) -> None:
    assert answers(program(variant), **sale) == [("INVALID_INPUT", said)] * 2


@pytest.mark.parametrize("variant", ["stamp-classic", "tier-visit"])
def test_one_of_the_product_is_one_visit(variant: str) -> None:
    at = program(variant)
    assert answers(at, productId=product(at), quantity=1) == [(None, None)] * 2


def test_a_receipt_of_others_products() -> None:
    at, other = program("tier-item"), program("tier-item")
    foreign = {"productId": product(other)}
    mine = {"productId": product(at, "Pasta")}
    said = ("PRODUCT_UNAVAILABLE", "None of these products is one of this program's.")
    assert answers(at, lines=[foreign]) == [said] * 2
    assert answers(at, lines=[{"productId": global_id("Product", 987_654)}]) == [said] * 2
    Product.objects.filter(program=at, name="Soup").update(is_archived=True)
    assert answers(at, lines=[{"productId": product(at)}, foreign]) == [said] * 2
    assert answers(at, lines=[mine, foreign]) == [(None, None)] * 2


@pytest.mark.parametrize("product_id", [987_654, None])
def test_a_product_that_is_not_the_programs(product_id: int | None) -> None:
    at, other = program("stamp-classic"), program("tier-visit")
    wrong = global_id("Product", product_id) if product_id else product(other)
    said = ("PRODUCT_UNAVAILABLE", "This product is not available.")
    assert answers(at, productId=wrong) == [said] * 2


@pytest.mark.parametrize("quantity", [0, -3])
def test_a_line_without_a_piece(quantity: int) -> None:
    at = program("tier-item")
    mine = {"productId": product(at)}
    said = ("INVALID_INPUT", "A line has at least one piece: lines[1].quantity.")
    assert answers(at, lines=[mine, {**mine, "quantity": quantity}]) == [said] * 2
