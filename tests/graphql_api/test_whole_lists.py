"""Nobody overwrites a whole list that somebody else changed, nor empties it by an empty list."""

import re
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, get_nullable_type

from graphql_api.schema import schema
from loyalty.base.values import Role
from loyalty.models import Customer, Event, Level, Settings
from tests.factories import people
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
SET = """mutation($input: SetLevelsInput!) { setLevels(input: $input) { __typename
  ... on LevelLadder { version levels { name } }
  ... on Refusal { code message details { name value } } } }"""
READ = "{ levels { version levels { name } } }"
ONE, TWO = {"name": "Silver", "threshold": 5}, {"name": "Gold", "threshold": 9}
GRAPH = schema._schema  # noqa: SLF001  graphql-core's schema, to walk it
# Lists that say what one thing is, and replace nothing that is kept.
OF_ONE_THING = {"generateQR.lines"}
REPLACED = {"setLevels.levels"}


def everything() -> list[object]:
    kinds = (Level, Settings, Customer, Event)
    return [list(model.objects.order_by("pk").values()) for model in kinds]


def put(role: Role = Role.MANAGER, **wanted: Any) -> dict[str, Any]:
    found = told(SET, token=people.staff(role).token, input=wanted).data
    return dict(found)


def field(answer: dict[str, Any]) -> tuple[str, str, str]:
    details = {each["name"]: each["value"] for each in answer["details"]}
    return answer["code"], details.get("field", ""), details.get("reason", "")


def test_every_list_that_is_replaced_asks_for_what_was_read() -> None:
    assert GRAPH.mutation_type
    found = set()
    for name, mutation in GRAPH.mutation_type.fields.items():
        for argument in mutation.args.values():
            kind = get_nullable_type(argument.type)
            assert isinstance(kind, GraphQLInputObjectType)
            for part, given in kind.fields.items():
                if isinstance(get_nullable_type(given.type), GraphQLList):
                    found.add(f"{name}.{part}")
                    if f"{name}.{part}" in REPLACED:
                        assert {"version", "confirmRemoval"} <= set(kind.fields)
            is_publishing = re.match("publish|replace|import", name)
            assert not is_publishing or "version" in kind.fields, name
    assert found == OF_ONE_THING | REPLACED


def test_who_may_is_said_alike_everywhere() -> None:
    assert GRAPH.mutation_type
    for name, mutation in GRAPH.mutation_type.fields.items():
        said = (mutation.description or "").lower()
        assert ("manager" in said) == ("owner" in said), (name, said)


def test_two_tabs_cannot_overwrite_each_other() -> None:
    assert put(levels=[ONE])["__typename"] == "LevelLadder"
    read = told(READ, token=people.staff(Role.OWNER).token).data["version"]
    first = put(Role.OWNER, levels=[ONE, TWO], version=read)
    assert [each["name"] for each in first["levels"]] == ["Silver", "Gold"]
    before = everything()
    second = put(levels=[ONE, {"name": "Platinum", "threshold": 20}], version=read)
    assert second["code"] == "VERSION_CONFLICT"
    assert second["message"] == "Somebody else changed this meanwhile. Look at it again."
    assert everything() == before
    # What is there already is no change, no matter who read what.
    again = put(levels=[ONE, TWO], version=read)
    assert again["version"] == first["version"]
    assert everything() == before


def test_nothing_is_replaced_unread() -> None:
    put(levels=[ONE])
    before = everything()
    for wanted in ([], [TWO], [ONE, TWO]):
        assert field(put(levels=wanted)) == ("INVALID_INPUT", "version", "missing")
        assert put(levels=wanted, version="")["code"] == "VERSION_CONFLICT"
        assert put(levels=wanted, version="x" * 500)["code"] == "VERSION_CONFLICT"
    assert everything() == before


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_emptying_has_a_word_of_its_own(role: Role) -> None:
    read = put(levels=[ONE, TWO])["version"]
    people.customer("ann@alpha.example")
    Customer.objects.update(level_rung=2)
    before = everything()
    refused = put(role, levels=[], version=read)
    assert field(refused) == ("INVALID_INPUT", "confirmRemoval", "missing")
    assert refused["message"] == "This removes all levels: say so with confirmRemoval."
    assert field(put(role, levels=[], confirmRemoval=True))[1] == "version"
    assert put(role, levels=[], confirmRemoval=True, version="0")["code"] == "VERSION_CONFLICT"
    assert everything() == before
    assert put(role, levels=[], version=read, confirmRemoval=True)["levels"] == []
    assert set(Customer.objects.values_list("level_rung", flat=True)) == {0}


def test_the_version_is_for_those_who_may_set_it() -> None:
    put(levels=[ONE])
    for token in (people.staff(Role.STAFF).token, people.customer("ann@alpha.example").token):
        assert told(READ, token=token).data["version"] is None
