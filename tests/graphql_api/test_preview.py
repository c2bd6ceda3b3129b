"""A preview says why a sale earns other units than it counts, before and after it is made."""

from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.models import EarnSession, Event, Product, Program
from loyalty.programs.publish_program import NewProgram, publish_program, usual_surplus
from tests.factories import people
from tests.factories.people import OWNER, place
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
SAID = "{ units unitsCounted limit reason text missingForMinimum completesCards }"
MINT = f"""mutation ($input: GenerateQRInput!) {{ generateQR(input: $input) {{ __typename
  ... on EarnPreview {SAID} ... on EarnSession {{ id preview {SAID} }}
  ... on Refusal {{ code }} }} }}"""
AGAIN = f"query ($id: ID!) {{ session(id: $id) {{ preview {SAID} }} }}"


def program(model: BonusModel, stamps: StampMode, **numbers: Any) -> Program:
    rules = Mechanic(model, Mode.SIMPLE, stamps, surplus=usual_surplus(model), **numbers)
    return publish_program(NewProgram("Lunch", "EUR", rules, gives="Soup"), actor=OWNER)


def previews(of: Program, **sale: Any) -> list[dict[str, Any]]:
    """Of the dry run, of the sale itself, and of the session when it is read again."""
    token = people.staff().token
    where = {"locationId": global_id("Location", place().location_id)}
    given = {**where, "programId": global_id("Program", of.pk), **sale}
    tried = told(MINT, token=token, input={**given, "dryRun": True}).data
    assert tried.pop("__typename") == "EarnPreview"
    sold = told(MINT, token=token, input=given).data
    if sold["__typename"] == "Refusal":
        return [tried]
    again = told(AGAIN, token=token, id=sold["id"]).data
    return [tried, sold["preview"], again["preview"]]


def _counted() -> Any:
    (event,) = Event.objects.filter(kind="minted").values_list("policy", flat=True)
    return (event or {}).get("counted")


def is_said(found: list[dict[str, Any]], **wanted: Any) -> None:
    for each in found:
        assert {name: each[name] for name in wanted} == wanted


def test_stamps_that_were_trimmed() -> None:
    cart = program(
        BonusModel.STAMP_COUNT, StampMode.PER_CART_QTY, threshold=5, max_units_per_scan=5
    )
    text = "The sale counts 8 stamps, and one code gives at most 5 stamps."
    found = previews(cart, quantity=8)
    assert len(found) == 3
    is_said(found, units=5, unitsCounted=8, limit=5, reason="SCAN_LIMIT", text=text)
    assert EarnSession.objects.values_list("policy__counted", flat=True).get() == 8
    assert _counted() == 8


def test_nothing_was_trimmed() -> None:
    cart = program(
        BonusModel.STAMP_COUNT, StampMode.PER_CART_QTY, threshold=5, max_units_per_scan=5
    )
    is_said(previews(cart, quantity=5), units=5, unitsCounted=5, limit=None, reason=None, text=None)
    assert "counted" not in EarnSession.objects.get().policy


def test_money_that_was_trimmed() -> None:
    spend = program(
        BonusModel.CUMULATIVE_SPEND, StampMode.PER_AMOUNT, threshold=5_000, max_units_per_scan=2_000
    )
    text = "The sale counts €25.00, and one code gives at most €20.00."
    found = previews(spend, amount=2_500)
    is_said(found, units=2_000, unitsCounted=2_500, limit=2_000, reason="SCAN_LIMIT", text=text)


def test_lines_that_were_trimmed() -> None:
    lines = program(
        BonusModel.STAMP_COUNT, StampMode.PER_LINE_ITEM, threshold=5, max_units_per_scan=2
    )
    soup = global_id("Product", Product.objects.get(program=lines).pk)
    found = previews(lines, lines=[{"productId": soup, "quantity": 3}])
    is_said(found, units=2, unitsCounted=3, limit=2, reason="SCAN_LIMIT")


def test_below_the_minimum() -> None:
    visit = program(BonusModel.QUALIFIED_VISIT, StampMode.PER_VISIT, threshold=5, minimum=500)
    found = previews(visit, amount=499)
    assert len(found) == 1
    is_said(found, units=0, unitsCounted=0, limit=None, reason="BELOW_MINIMUM")
    is_said(found, missingForMinimum=1, text="€0.01 are missing to the minimum.")
