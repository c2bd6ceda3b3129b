"""Money on customers' pages: all decimals of its currency, in the reader's language."""

import pytest
from django.conf import settings
from django.test import Client

from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.earning.mint import SaleInput, mint
from loyalty.programs.publish_program import NewProgram, publish_program, usual_surplus
from tests.factories.people import OWNER, as_staff, place

pytestmark = pytest.mark.django_db
SPENT = BonusModel.CUMULATIVE_SPEND


@pytest.mark.parametrize(
    ("currency", "sale", "spent", "missing", "goal"),
    [
        ("JPY", 1000, "JP¥1,000", "JP¥4,000", "JP¥5,000"),
        ("EUR", 1000, "€10.00", "€40.00", "€50.00"),
        ("KWD", 1500, "KWD\xa01.500", "KWD\xa03.500", "KWD\xa05.000"),
    ],
)
def test_from_the_scan_to_the_card(  # noqa: PLR0913, PLR0917  a row of the table
    ann: Client, currency: str, sale: int, spent: str, missing: str, goal: str
) -> None:
    rules = Mechanic(
        SPENT, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=5000, surplus=usual_surplus(SPENT)
    )
    program = publish_program(NewProgram("Lunch", currency, rules, gives="Free lunch"), actor=OWNER)
    wanted = SaleInput(program.pk, place().location_id, amount=sale)
    path = f"/c/{mint(wanted, actor=as_staff(), token_key=settings.TOKEN_KEY).token}"
    assert f"{spent} waits for you" in ann.get(path).text
    card = ann.post(path, follow=True).text
    for text in (f"{spent} was added", f"{missing} more to go", f"{spent} of {goal}"):
        assert text in card
