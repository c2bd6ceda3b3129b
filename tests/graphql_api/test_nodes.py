"""Everything that is a Node is found again by `node(id:)`, by anybody who was shown its id."""

from typing import Any

import pytest
from django.conf import settings
from graphql import GraphQLInterfaceType

from graphql_api.ids import global_id
from graphql_api.schema import schema
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.models import Bonus, Card, Product, Tier
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from tenants import context
from tests.factories import people
from tests.factories.counter import till
from tests.factories.findings import often
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.factories.sales import ANN, IP, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
# Keys are not built yet: nobody was ever shown one.
NOT_BUILT = {"ApiClient"}
MATCHED = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_VISIT, threshold=1)


def kinds() -> set[str]:
    found = schema._schema  # noqa: SLF001  Strawberry has no other way
    node = found.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return {each.name for each in found.get_possible_types(node)}


def seen(kind: str, number: int, token: str | None) -> bool:
    found = told(NODE, token=token, id=global_id(kind, number))
    assert not found.codes
    if found.data is None:
        return False
    assert found.data == {"__typename": kind, "id": global_id(kind, number)}
    return True


@pytest.fixture
def world() -> dict[str, int]:
    """One thing of each kind, Ann's where it is somebody's."""
    menu = (MenuTier("S", ("Soup",)), MenuTier("M", ("Pasta",)))
    program = publish_program(NewProgram("Menu", "EUR", MATCHED, menu=menu), actor=OWNER)
    session = sold(program, product_id=Product.objects.get(name="Pasta").pk)
    card = Card.objects.get(program=program)
    bonus = Bonus.objects.get(card=card)
    wish = BonusRequest(card.pk, bonus.pk, Product.objects.get(name="Soup").pk)
    live = request_bonus(wish, actor=as_customer(ANN), token_key=settings.TOKEN_KEY)
    finding, _sessions = often()
    return {
        "Anomaly": finding.pk,
        "Bonus": bonus.pk,
        "Card": card.pk,
        "Customer": as_customer(ANN).id,
        "Device": till().id,
        "EarnSession": session,
        "Location": place().location_id,
        "Preset": place().preset_id,
        "Product": Product.objects.get(name="Pasta").pk,
        "Program": program.pk,
        "Redemption": live.id,
        "StaffMember": as_staff().id,
        "Tier": Tier.objects.get(name="M").pk,
    }


FOR_ALL = {"Location", "Product", "Program", "Tier"}
OF_ANN = FOR_ALL | {"Bonus", "Card", "Customer", "Redemption"}
OF_STAFF = FOR_ALL | {"EarnSession", "Preset", "StaffMember"}


def test_who_finds_what(world: dict[str, int]) -> None:
    assert set(world) == kinds() - NOT_BUILT
    finders: dict[str, tuple[str | None, set[str]]] = {
        "nobody": (None, FOR_ALL),
        "Ann": (people.customer(ANN).token, OF_ANN),
        "Bob": (people.customer("bob@alpha.example").token, FOR_ALL),
        "staff": (people.staff().token, OF_STAFF),
        "manager": (people.staff(Role.MANAGER).token, set(world) - {"Customer"}),
        "owner": (people.staff(Role.OWNER).token, set(world) - {"Customer"}),
    }
    for who, (token, wanted) in finders.items():
        found = {kind for kind, number in world.items() if seen(kind, number, token)}
        assert found == wanted, who


def test_staff_find_a_bonus_that_they_looked_at(world: dict[str, int]) -> None:
    token = people.staff().token
    assert not seen("Bonus", world["Bonus"], token)
    which = RedemptionSelector(token=_code(world["Redemption"]))
    preview_redemption(
        which,
        location_id=place().location_id,
        actor=as_staff(),
        ip=IP,
        token_key=settings.TOKEN_KEY,
    )
    assert seen("Bonus", world["Bonus"], token)
    assert not seen("Card", world["Card"], token)


def test_at_another_business_they_are_nothing(world: dict[str, int]) -> None:
    unique = {k: n for k, n in world.items() if k in {"Bonus", "Card", "EarnSession", "Redemption"}}
    with context.business("beta"):
        token = people.staff(Role.OWNER).token
        assert not any(seen(kind, number, token) for kind, number in unique.items())


def _code(redemption: int) -> Any:
    query = "query ($id: ID!) { redemption(id: $id) { token } }"
    token = people.customer(ANN).token
    return told(query, token=token, id=global_id("Redemption", redemption)).data["token"]
