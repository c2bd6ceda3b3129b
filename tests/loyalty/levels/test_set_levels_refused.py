"""What is wrong with a ladder is named as the owner wrote it, and nothing changes."""

from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.models import Event, Level, Settings
from loyalty.programs.publish_program import NewProgram, publish_program
from tests.factories import people
from tests.factories.campaigns import FIVE
from tests.factories.people import OWNER
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
SET = """mutation($input: SetLevelsInput!) { setLevels(input: $input) { __typename
  ... on Refusal { code message details { name value } } } }"""
FIRST = {"name": "First", "threshold": 5}


def everything() -> list[object]:
    return [list(model.objects.values()) for model in (Level, Settings, Event)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"levels": [FIRST, {"name": "Second", "threshold": 5}]},
            "A level needs more points than the one before it: levels[1].threshold.",
        ),
        (
            {"levels": [FIRST, {"name": "first", "threshold": 9}]},
            "Two levels cannot have one name: levels[1].name.",
        ),
        (
            {"levels": [FIRST, {"name": " ", "threshold": 9}]},
            "The name of a level has 1 to 60 characters: levels[1].name.",
        ),
        (
            {"levels": [{**FIRST, "percent": 99}]},
            "This number is too small or too large: levels[0].percent.",
        ),
        (
            {"levels": [{**FIRST, "gift": {"percent": 9, "text": "and more"}}]},
            "A gift is one thing: a product, per cent, an amount, or words: levels[0].gift.",
        ),
        (
            {"levels": [{**FIRST, "gift": {"percent": 9, "validDays": 0}}]},
            "This number is too small or too large: levels[0].gift.validDays.",
        ),
        ({"levels": [], "periodDays": 0}, "This number is too small or too large: periodDays."),
        (
            {"levels": [], "risesWithinDays": 0},
            "This number is too small or too large: risesWithinDays.",
        ),
    ],
)
def test_what_is_wrong_is_named_as_it_was_written(wrong: dict[str, Any], said: str) -> None:
    before = everything()
    refused = told(SET, token=people.staff(Role.OWNER).token, input=wrong).data
    assert (refused["code"], refused["message"]) == ("INVALID_INPUT", said)
    field = said.rsplit(": ", 1)[1].rstrip(".")
    assert {"name": "field", "value": field} in refused["details"]
    assert everything() == before


def test_a_gift_that_cannot_be_given_is_named() -> None:
    publish_program(NewProgram("Elsewhere", "JPY", FIVE, gives="Tea"), actor=OWNER)
    gifts = {"amount": {"amount": 250}, "productId": {"productId": global_id("Product", 10**9)}}
    for field, gift in gifts.items():
        wanted = {"levels": [FIRST, {"name": "Second", "threshold": 9, "gift": gift}]}
        refused = told(SET, token=people.staff(Role.OWNER).token, input=wanted).data
        assert {"name": "field", "value": f"levels[1].gift.{field}"} in refused["details"]
