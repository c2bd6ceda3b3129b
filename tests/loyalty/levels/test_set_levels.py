"""The ladder is replaced as a whole; anybody who stands on it stays where they are, or below."""

from dataclasses import replace
from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.errors import ConfigurationInvalid, ProductUnavailable
from loyalty.base.values import Role
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.owners_levels import owners_levels
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, Customer, Event, Level, Product, Settings
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.switches import Reward, Switches
from tenants import context
from tests.factories import people
from tests.factories.campaigns import FIVE, published, visit
from tests.factories.people import OWNER, as_staff
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
BRONZE = NewLevel("Bronze", 2, gift=Reward(text="A hand-shake"))
SILVER = NewLevel("Silver", 4, percent=150, benefit="Oat milk at no charge")
GOLD = NewLevel("Gold", 6)
THREE = NewLevelTable((BRONZE, SILVER, GOLD))
SET = """mutation($input: SetLevelsInput!) { setLevels(input: $input) { __typename
  ... on LevelLadder { version periodDays graceDays mostRises risesWithinDays levels { id name
    threshold percent benefit gift { title productId percent amount text validDays } } }
  ... on Refusal { code details { name value } } } }"""
READ = (
    "{ levels { periodDays mostRises risesWithinDays levels { name threshold percent benefit } } }"
)


def everything() -> list[object]:
    rows = [
        list(model.objects.order_by("pk").values()) for model in (Level, Settings, Customer, Bonus)
    ]
    return [*rows, list(Event.objects.filter(kind="levels_set").values())]


def put(wanted: NewLevelTable) -> NewLevelTable:
    return set_levels(wanted, actor=as_staff(Role.MANAGER))


def stand(**levels: int) -> None:
    for name, level_index in levels.items():
        people.customer(f"{name}@alpha.example")
        Customer.objects.filter(email=f"{name}@alpha.example").update(level_rung=level_index)


def levels(*names: str) -> list[int]:
    rows = dict(Customer.objects.values_list("email", "level_rung"))
    return [rows[f"{name}@alpha.example"] for name in names]


def test_the_first_ladder() -> None:
    kept = put(replace(THREE, period_days=100, grace_days=5, most_rises=2, rises_within_days=7))
    assert [(each.name, each.threshold) for each in kept.levels] == [
        ("Bronze", 2),
        ("Silver", 4),
        ("Gold", 6),
    ]
    assert kept == owners_levels(actor=OWNER)
    found = Settings.objects.get()
    assert (found.level_period_days, found.level_grace_days) == (100, 5)
    assert (found.level_most_rises, found.level_rises_within_days) == (2, 7)
    assert kept.levels[0].gift == Reward(text="A hand-shake", title="A hand-shake")
    event = Event.objects.get(kind="levels_set")
    assert event.staff_id == as_staff(Role.MANAGER).id


def test_the_same_again_changes_nothing() -> None:
    put(THREE)
    before = everything()
    put(THREE)
    put(owners_levels(actor=OWNER))
    assert everything() == before


def test_a_level_that_goes_lets_its_holders_down() -> None:
    kept = put(THREE)
    stand(zoe=0, ben=1, sue=2, guy=3)
    put(NewLevelTable((SILVER, GOLD)))
    assert levels("zoe", "ben", "sue", "guy") == [0, 0, 1, 2]
    assert [each.id for each in owners_levels(actor=OWNER).levels] == [
        each.id for each in kept.levels[1:]
    ]
    put(NewLevelTable((SILVER,)))
    assert levels("zoe", "ben", "sue", "guy") == [0, 0, 1, 1]
    put(NewLevelTable())
    assert levels("zoe", "ben", "sue", "guy") == [0, 0, 0, 0]


def test_a_new_level_below_moves_nobody_off_their_own() -> None:
    put(NewLevelTable((SILVER, GOLD)))
    stand(sue=1, guy=2)
    put(THREE)
    assert levels("sue", "guy") == [2, 3]


def test_a_level_with_another_name_and_number_is_still_the_same() -> None:
    kept = put(THREE)
    stand(sue=2)
    bronze, silver, gold = kept.levels
    # Bronze takes the name that Silver had: only ids tell them apart.
    renamed = (
        replace(bronze, name="Silver", threshold=5),
        replace(silver, name="Noir", threshold=9),
    )
    again = put(NewLevelTable((*renamed, replace(gold, threshold=12))))
    assert [each.id for each in again.levels] == [each.id for each in kept.levels]
    assert [each.threshold for each in again.levels] == [5, 9, 12]
    assert levels("sue") == [2]


def test_bonuses_stay_when_their_level_goes() -> None:
    put(THREE)
    program = published(Switches(points=2))
    outcome = visit(program)
    (raised,) = outcome.bonuses
    assert Bonus.objects.get(pk=raised.id).level_id == owners_levels(actor=OWNER).levels[0].id
    put(NewLevelTable((SILVER, GOLD)))
    bonus = Bonus.objects.get(pk=raised.id)
    assert (bonus.level_id, bonus.status, bonus.title) == (None, "waiting", "A hand-shake")


def test_a_product_is_named_and_must_be_there() -> None:
    product = Product.objects.get(name="Free coffee")
    kept = put(NewLevelTable((replace(BRONZE, gift=Reward(product.pk, valid_days=10)),)))
    gift = kept.levels[0].gift
    assert gift is not None
    assert (gift.product_id, gift.title, gift.valid_days) == (product.pk, "Free coffee", 10)
    Product.objects.update(is_archived=True)
    before = everything()
    for number in (product.pk, 10**9):
        with pytest.raises(ProductUnavailable):
            put(NewLevelTable((replace(GOLD, gift=Reward(number)),)))
    assert everything() == before


def test_an_amount_needs_one_currency() -> None:
    kept = put(NewLevelTable((replace(BRONZE, gift=Reward(amount=250)),)))
    assert kept.levels[0].gift == Reward(amount=250, title="2.50 EUR", worth=250)
    elsewhere = NewProgram("Elsewhere", "JPY", FIVE, gives="Tea")
    before = everything()
    with pytest.raises(ConfigurationInvalid):
        publish_program(elsewhere, actor=OWNER)
    assert everything() == before
    put(THREE)
    publish_program(elsewhere, actor=OWNER)
    before = everything()
    with pytest.raises(ConfigurationInvalid):
        put(NewLevelTable((replace(GOLD, gift=Reward(amount=250)),)))
    assert everything() == before


def test_what_makes_no_sense_changes_nothing() -> None:
    kept = put(THREE)
    before = everything()
    swapped = (replace(kept.levels[1], threshold=1), replace(kept.levels[0], threshold=2))
    for wrong in (
        NewLevelTable((GOLD, BRONZE)),
        NewLevelTable(swapped),
        replace(THREE, period_days=0),
    ):
        with pytest.raises(ConfigurationInvalid):
            put(wrong)
    assert everything() == before


def given() -> dict[str, Any]:
    product = global_id("Product", Product.objects.get(name="Free coffee").pk)
    return {
        "mostRises": 2,
        "levels": [
            {"name": "Bronze", "threshold": 10, "gift": {"productId": product, "validDays": 14}},
            {"name": "Silver", "threshold": 50, "percent": 150, "gift": {"percent": 20}},
        ],
    }


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_over_the_api(role: Role) -> None:
    token = people.staff(role).token
    found = told(SET, token=token, input=given()).data
    bronze, silver = found["levels"]
    assert (found["periodDays"], found["graceDays"], found["mostRises"]) == (365, 30, 2)
    assert (bronze["gift"]["title"], bronze["gift"]["validDays"]) == ("Free coffee", 14)
    assert (silver["percent"], silver["gift"]["percent"]) == (150, 20)
    kept = given() | {"version": found["version"]}
    kept["levels"][1] |= {"id": silver["id"], "name": "Argent"}
    renamed = told(SET, token=token, input=kept).data
    assert renamed["levels"][1]["id"] == silver["id"]
    kept["version"] = renamed["version"]
    before = everything()
    for wrong in ({"levels": [{"name": "x", "threshold": 0}]}, {"levels": [], "graceDays": -1}):
        assert told(SET, token=token, input=wrong).data["code"] == "INVALID_INPUT"
    kept["levels"][1]["id"] = global_id("Level", 1)
    assert told(SET, token=token, input=kept).data["details"][0]["value"] == "levels[1].id"
    kept["levels"][0]["id"] = global_id("Card", 1)
    refused = told(SET, token=token, input=kept).data
    assert (refused["code"], refused["details"]) == (
        "NOT_FOUND",
        [{"name": "field", "value": "levels[0].id"}],
    )
    assert everything() == before


def test_all_who_are_signed_in_read_them() -> None:
    put(replace(NewLevelTable((SILVER,)), most_rises=2))
    shown = [
        {
            "name": "Silver",
            "threshold": 4,
            "percent": 150,
            "benefit": "Oat milk at no charge",
        }
    ]
    customer, staff = people.customer("ann@alpha.example"), people.staff(Role.STAFF)
    for token in (customer.token, staff.token):
        found = told(READ, token=token).data
        assert (found["levels"], found["mostRises"], found["risesWithinDays"]) == (
            shown,
            None,
            None,
        )
    assert told(READ, token=people.staff(Role.OWNER).token).data["mostRises"] == 2
    assert told(READ, token=None).codes == {"UNAUTHENTICATED"}


def test_nobody_else_may() -> None:
    before = everything()
    wanted = given()
    assert told(SET, token=None, input=wanted).codes == {"UNAUTHENTICATED"}
    for token in (people.staff(Role.STAFF).token, people.customer("ann@alpha.example").token):
        assert told(SET, token=token, input=wanted).codes == {"FORBIDDEN"}
    with context.business("beta"):
        other = people.staff(Role.OWNER).token
    assert told(SET, token=other, input=wanted).codes == {"UNAUTHENTICATED"}
    assert everything() == before
