"""Sales that are no sales: too large, or too many at once; the counter reads the limit."""

from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, StampMode
from loyalty.models import EarnSession, Program
from loyalty.programs.publish_program import NewProgram, publish_program, usual_surplus
from tests.factories import people
from tests.factories.people import OWNER, place
from tests.factories.refusals import everything
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
STEP, SPEND = BonusModel.AMOUNT_STEP, BonusModel.CUMULATIVE_SPEND
MINT = """mutation ($input: GenerateQRInput!) { generateQR(input: $input) { __typename
  ... on EarnPreview { units completesCards } ... on EarnSession { preview { units } }
  ... on Refusal { code message details { name value } } } }"""
both = pytest.mark.parametrize("dry_run", [True, False])


def program(model: BonusModel, currency: str = "EUR", **numbers: Any) -> Program:
    stamps = StampMode.PER_AMOUNT if model in {STEP, SPEND} else StampMode.PER_CART_QTY
    rules = Mechanic(
        model, Mode.SIMPLE, stamps, **{"threshold": 5, "surplus": usual_surplus(model), **numbers}
    )
    return publish_program(NewProgram("Lunch", currency, rules, gives="Free lunch"), actor=OWNER)


def sold(at: Program, *, dry_run: bool, **sale: Any) -> Any:
    given = {
        "programId": global_id("Program", at.pk),
        "locationId": global_id("Location", place().location_id),
        "dryRun": dry_run,
    }
    return told(MINT, token=people.staff().token, input={**given, **sale}).data


def refused(at: Program, *, dry_run: bool, **sale: Any) -> tuple[str, str, dict[str, str]]:
    before = everything()
    found = sold(at, dry_run=dry_run, **sale)
    assert everything() == before
    assert found["__typename"] == "Refusal", found
    details = {each["name"]: each["value"] for each in found["details"]}
    return found["code"], found["message"], details


@both
@pytest.mark.parametrize("amount", [10**9 + 1, 10**15, 2**53 - 1, -1])
def test_ten_million_euros_are_the_end(amount: int, dry_run: bool) -> None:  # noqa: FBT001  a parameter of the test
    said = (
        "INVALID_INPUT",
        "The total of a receipt is from 0 to €10,000,000.00.",
        {"field": "amount", "reason": "range", "limit": "1000000000", "currency": "EUR"},
    )
    for at in (program(SPEND), program(STEP, step=1, threshold=10**7)):
        assert refused(at, dry_run=dry_run, amount=amount) == said


@both
def test_the_largest_sale_of_all_is_made(dry_run: bool) -> None:  # noqa: FBT001  a parameter of the test
    light = program(STEP, "IQD", step=1, threshold=10**11)
    found = sold(light, dry_run=dry_run, amount=10**13)
    assert (found if dry_run else found["preview"])["units"] == 10**13
    assert EarnSession.objects.count() == (not dry_run)
    assert refused(light, dry_run=dry_run, amount=10**13 + 1)[1] == (
        "The total of a receipt is from 0 to IQD\xa010,000,000,000.000."
    )


@both
def test_more_than_a_hundred_cards_at_once(dry_run: bool) -> None:  # noqa: FBT001  a parameter of the test
    pieces = program(BonusModel.STAMP_COUNT)
    assert sold(pieces, dry_run=dry_run, quantity=504)["__typename"] != "Refusal"
    assert refused(pieces, dry_run=dry_run, quantity=505) == (
        "SCAN_CAP",
        "One code fills at most 100 cards (500 stamps). Look at the number again.",
        {"what": "cards", "cards": "100", "limit": "500"},
    )
    carries = program(SPEND, threshold=100, surplus=usual_surplus(STEP))
    assert refused(carries, dry_run=dry_run, amount=10_100)[1:] == (
        "One code fills at most 100 cards (€100.00). Look at the number again.",
        {"what": "cards", "cards": "100", "limit": "10000", "currency": "EUR"},
    )


@both
@pytest.mark.parametrize(
    ("model", "sale", "said"),
    [
        (BonusModel.STAMP_COUNT, {"quantity": 4}, "One code gives at most 3 stamps."),
        (SPEND, {"amount": 4}, "One code gives at most €0.03."),
    ],
)
def test_the_owners_own_ceiling(
    model: BonusModel,
    sale: dict[str, int],
    said: str,
    dry_run: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    at = program(model, max_units_per_scan=3, over_cap=OverCap.REFUSE)
    assert refused(at, dry_run=dry_run, **sale)[:2] == ("SCAN_CAP", said)
