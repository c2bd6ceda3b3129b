"""What a front end needs to show how a program works, and what a bonus may become."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.db.roundtrip import database_now
from loyalty.models import Bonus, Card, Location, Preset, Product, Program
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.switches import BirthdayRule, HappyHour, Reward, StreakRule, Switches
from tenants import context
from tests.factories import people
from tests.factories.people import OWNER, place
from tests.factories.perks import MENU, PRICES
from tests.factories.sales import ANN, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
GIFT = "{ title product { name isAvailable } voucher { percent amount text } validDays }"
OFFER = (
    """fragment Offer on Program { name threshold step minimum maxUnitsPerScan surplus status
  startsAt endsAt isRunning locations { name } tiers { name rank }
  products { name isAvailable photoUrl tier { name } }"""
    f" gives {GIFT}"
    """ switches { pointsPerVisit unitsExpireAfterMonths bonusValidDays dailyCap
  happyHour { weekdays startsAt endsAt times }"""
    f" welcome {GIFT} streak {{ window threshold freezes skipsClosedDays gift {GIFT} }}"
    f" birthday {{ daysBefore daysAfter minPastBonuses gift {GIFT} }} }} }}"
)
ONE = "query ($id: ID!) { program(id: $id) { ...Offer } } " + OFFER
ALL = "{ programs { edges { node { ...Offer } } } } " + OFFER
CARDS = "{ me { ... on Customer { cards { program { ...Offer } } } } } " + OFFER
BUTTONS = """{ presets { edges { node { name program { name tiers { name } presets {
  name points program { name } product { name } } } } } } }"""
TITLES = """{ me { ... on Customer { cards { bonuses { title source product { name } } } } } }"""
STAMPS = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5)
MATCHED = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_VISIT, threshold=1)
OPEN = Mechanic(
    BonusModel.QUALIFIED_VISIT, Mode.TIERED, StampMode.PER_VISIT, threshold=1, minimum=100
)
FULL = Switches(
    points=2,
    streak=StreakRule(window=3, threshold=5, gift=Reward(percent=10, valid_days=7)),
    birthday=BirthdayRule(gift=Reward(text="A cake")),
    welcome=Reward(),
    units_expire_after=6,
    bonus_valid_days=30,
    daily_cap=2,
    happy_hour=HappyHour((4, 1), "22:00", "02:00", times=3),
)


def offer(program: Program, token: str | None = None) -> Any:
    found = told(ONE, token=token, id=global_id("Program", program.pk))
    assert not found.codes, found
    return found.data


def publish(name: str = "Tea", rules: Mechanic = STAMPS, **more: Any) -> Program:
    what = {"menu": MENU} if rules.mode is Mode.TIERED else {"gives": "Tea"}
    return publish_program(
        NewProgram(name, "EUR", rules, prices=PRICES, **{**what, **more}), actor=OWNER
    )


def test_how_a_simple_program_works() -> None:
    found = offer(publish(switches=FULL))
    tea = {"name": "Tea", "isAvailable": True}
    given = {"title": "Tea", "product": tea, "voucher": None, "validDays": None}
    assert (found["gives"], found["switches"]["welcome"]) == (given, given)
    assert found["switches"]["streak"] == {
        "window": 3,
        "threshold": 5,
        "freezes": 0,
        "skipsClosedDays": False,
        "gift": {
            "title": "10 %",
            "product": None,
            "voucher": {"percent": 10, "amount": None, "text": None},
            "validDays": 7,
        },
    }
    assert found["switches"]["birthday"]["gift"]["voucher"]["text"] == "A cake"
    assert (found["switches"]["birthday"]["daysBefore"], found["switches"]["dailyCap"]) == (7, 2)
    assert (found["switches"]["pointsPerVisit"], found["switches"]["bonusValidDays"]) == (2, 30)
    assert found["switches"]["unitsExpireAfterMonths"] == 6
    assert found["switches"]["happyHour"] == {
        "weekdays": ["TUESDAY", "FRIDAY"],
        "startsAt": "22:00",
        "endsAt": "02:00",
        "times": 3,
    }
    assert (found["status"], found["isRunning"], found["surplus"]) == ("RUNNING", True, "CARRY")
    assert (found["tiers"], found["locations"], found["startsAt"]) == ([], [], None)
    assert found["products"] == [{**tea, "photoUrl": None, "tier": None}]


def test_a_menu_by_tiers_without_what_is_archived() -> None:
    program = publish("Lunch", OPEN)
    Product.objects.filter(program=program, name="Soup").update(is_archived=True)
    program.locations.add(Location.objects.get())
    found = offer(program)
    assert found["tiers"] == [{"name": "Starter", "rank": 1}, {"name": "Main", "rank": 2}]
    assert [(each["name"], each["tier"]["name"]) for each in found["products"]] == [
        ("Salad", "Starter"),
        ("Pasta", "Main"),
    ]
    assert (found["gives"], found["minimum"], found["step"]) == (None, 100, None)
    assert found["locations"] == [{"name": "Alpha Coffee"}]
    assert (found["switches"]["streak"], found["switches"]["welcome"]) == (None, None)


@pytest.mark.parametrize(
    ("changed", "is_running"),
    [
        ({"status": "paused"}, False),
        ({"status": "archived"}, False),
        ({"starts_at": timedelta(days=1)}, False),
        ({"starts_at": timedelta(days=-1), "ends_at": timedelta(days=1)}, True),
        ({"ends_at": timedelta(0)}, False),
    ],
)
def test_whether_it_runs_now(changed: dict[str, Any], *, is_running: bool) -> None:
    program, now = publish(), database_now()
    values = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in changed.items()
    }
    Program.objects.filter(pk=program.pk).update(**values)
    found = offer(program)
    assert found["isRunning"] is is_running
    assert found["status"] == str(changed.get("status", "running")).upper()
    if "starts_at" in values:
        assert datetime.fromisoformat(found["startsAt"]).astimezone(UTC) == values["starts_at"]


def test_buttons_are_for_staff() -> None:
    program = publish("Lunch", MATCHED)
    soup = program.products.get(name="Soup")
    Preset.objects.create(program=program, name="Soup of the day", product=soup, points=3)
    found = told(BUTTONS, token=people.staff().token)
    (lunch,) = [
        edge["node"] for edge in found.data["edges"] if edge["node"]["program"]["name"] == "Lunch"
    ]
    assert lunch["program"]["presets"] == [
        {
            "name": "Soup of the day",
            "points": 3,
            "program": {"name": "Lunch"},
            "product": {"name": "Soup"},
        }
    ]
    one = "query ($id: ID!) { program(id: $id) { presets { name } } }"
    ann = people.customer(ANN).token
    for token in (ann, None):
        answer = told(one, token=token, id=global_id("Program", program.pk))
        assert (answer.data, answer.codes) == ({"presets": None}, set())


def test_another_business_sees_nothing_of_it() -> None:
    program = publish("Lunch", OPEN)
    with context.business("beta"):
        for token in (people.staff(Role.OWNER).token, None):
            assert offer(program, token) is None or offer(program, token)["name"] != "Lunch"


@pytest.mark.parametrize("query", [ALL, BUTTONS, CARDS])
def test_ten_programs_cost_as_many_statements_as_two(query: str) -> None:
    token = people.customer(ANN).token if query == CARDS else people.staff().token
    costs = []
    for count in (2, 8):
        for n in range(count):
            program = publish(f"Tea {count} {n}", OPEN, switches=FULL)
            Preset.objects.create(program=program, name="Tap")
            sold(program, amount=100)
        told(query, token=token)
        with CaptureQueriesContext(connection) as sent:
            found = told(query, token=token)
        assert not found.codes, found
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 16


def titles() -> list[str]:
    found = told(TITLES, token=people.customer(ANN).token)
    return [bonus["title"] for card in found.data["cards"] for bonus in card["bonuses"]]


@pytest.mark.parametrize(
    ("product", "title"), [("Pasta", "Any Main or lower"), ("Soup", "Any Starter")]
)
def test_a_bonus_of_a_tier_says_what_may_be_chosen(product: str, title: str) -> None:
    program = publish("Lunch", MATCHED)
    sold(program, product_id=program.products.get(name=product).pk)
    assert titles() == [title]
    # What is stored stays as it was.
    assert Bonus.objects.get().title == "Lunch"


def test_a_bonus_of_a_menu_and_others_say_what_they_are() -> None:
    sold(publish("Lunch", OPEN), amount=100)
    assert titles() == ["Your choice from the menu"]
    Bonus.objects.all().delete()
    sold(publish("Dinner", STAMPS, switches=Switches(welcome=Reward(percent=5))))
    for _ in range(4):
        sold(Program.objects.get(name="Dinner"))
    Bonus.objects.filter(source="welcome").delete()
    assert titles() == ["Tea"]


REQUEST = """mutation ($input: RequestBonusInput!) { requestBonus(input: $input) {
  ... on Redemption { token bonus { title } product { name } } } }"""
LOOK = """mutation ($input: ValidateRedemptionInput!) { validateRedemption(input: $input) {
  ... on RedemptionView { bonus { title } product { name } } } }"""


def test_the_handshake_says_it_too() -> None:
    program = publish("Lunch", MATCHED, menu=(MenuTier("S", ("Soup",)), MenuTier("M", ("Pie",))))
    sold(program, product_id=program.products.get(name="Pie").pk)
    card = Card.objects.get(program=program)
    wish = {
        "cardId": global_id("Card", card.pk),
        "productId": global_id("Product", program.products.get(name="Soup").pk),
    }
    live = told(REQUEST, token=people.customer(ANN).token, input=wish).data
    assert (live["bonus"], live["product"]) == ({"title": "Any M or lower"}, {"name": "Soup"})
    given = {
        "locationId": global_id("Location", place().location_id),
        "decision": "PREVIEW",
        "token": live["token"],
    }
    seen = told(LOOK, token=people.staff().token, input=given).data
    assert seen == {"bonus": {"title": "Any M or lower"}, "product": {"name": "Soup"}}
