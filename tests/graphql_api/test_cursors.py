"""Lists by pages: the default is in the schema, and a cursor means nothing in another list."""

from base64 import b64encode
from itertools import product
from typing import Any

import pytest
from graphql import GraphQLNamedType

from graphql_api.ids import global_id
from graphql_api.schema import schema
from loyalty.base.values import Role
from loyalty.db.roundtrip import database_now
from loyalty.models import Card, Customer, Event, Location
from loyalty.switches import Switches
from tests.factories import people
from tests.factories.campaigns import published
from tests.factories.counter import till
from tests.factories.findings import often
from tests.factories.people import as_customer
from tests.factories.sales import ANN, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
PAGE = "(first: $first, last: $last, after: $after) { edges { cursor } pageInfo { endCursor } }"
HEAD = "query ($first: Int, $last: Int, $after: String"
ROOTS = ["absences", "anomalies", "devices", "locations", "presets", "programs"]


def lists() -> set[str]:
    """Every field of the schema that is a connection."""
    found: set[str] = set()
    for kind in schema._schema.type_map.values():  # noqa: SLF001  Strawberry has no other way
        for name, field in getattr(kind, "fields", {}).items():
            named = getattr(field, "type", None)
            while named is not None and not isinstance(named, GraphQLNamedType):
                named = getattr(named, "of_type", None)
            if named is not None and named.name.endswith("Connection"):
                found.add(name)
                assert field.args["first"].default_value == 100, name
    return found


def page(name: str, card: str = "", **wanted: Any) -> Any:
    if name == "history":
        query = f"{HEAD}, $card: ID!) {{ card(id: $card) {{ history{PAGE} }} }}"
        found = told(query, token=people.staff(Role.OWNER).token, card=card, **wanted)
        return found if found.codes else found.data["history"]
    query = f"{HEAD}) {{ {name}{PAGE} }}"
    found = told(query, token=people.staff(Role.OWNER).token, **wanted)
    return found if found.codes else found.data


@pytest.fixture
def cards() -> list[str]:
    """Two cards with a history, and something in every list."""
    often()
    sold(published(Switches()))
    now = database_now()
    till()
    told_of = {"last_visit": now.isoformat(), "since": now.isoformat(), "visits": 1}
    Customer.objects.filter(pk=as_customer(ANN).id).update(absent_since=now)
    Event.objects.create(
        id=1, kind="absent", at=now, customer_id=as_customer(ANN).id, details=told_of
    )
    return [global_id("Card", number) for number in Card.objects.values_list("pk", flat=True)]


def test_a_cursor_belongs_to_its_list(cards: list[str]) -> None:
    assert lists() == {*ROOTS, "history"}
    every = [(name, "") for name in ROOTS] + [("history", card) for card in cards]
    ends = {one: page(*one)["pageInfo"]["endCursor"] for one in every}
    assert all(ends.values()), ends
    for one, other in product(every, every):
        found = page(*other, after=ends[one])
        if one == other:
            assert found["edges"] == []
        else:
            assert (found.codes, found.said[0]) == (
                {"BAD_USER_INPUT"},
                "This cursor is not one of this list.",
            )


@pytest.mark.parametrize("text", ["after:1", "programs:-1", "programs:x", f"programs:{2**63}", ""])
def test_other_cursors(text: str) -> None:
    cursor = b64encode(text.encode()).decode()
    assert page("programs", after=cursor).codes == {"BAD_USER_INPUT"}


def test_how_many() -> None:
    for number in range(3):
        Location.objects.create(name=f"Place {number}", time_zone="UTC")
    counts = {
        (None, None): 4,
        (2, None): 2,
        (100, None): 4,
        (None, 3): 3,
        (100, 3): 3,
    }
    for (first, last), count in counts.items():
        assert len(page("locations", first=first, last=last)["edges"]) == count
    for first, last in ((0, None), (101, None), (None, 0), (None, 101), (2, 3), (99, 3), (100, 0)):
        assert page("locations", first=first, last=last).codes == {"LIMIT_EXCEEDED"}
    assert len(told("{ locations(last: 3) { edges { cursor } } }", token=None).data["edges"]) == 3
