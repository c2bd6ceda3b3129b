"""Wrong input names the field as callers send it, and the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import InputObjectTypeDefinitionNode, parse

from graphql_api.ids import global_id
from loyalty.base import errors
from tests.factories import people
from tests.factories.people import place
from tests.harness.asking import told

VALIDATING = """mutation ($input: ValidateRedemptionInput!) { validateRedemption(input: $input) {
  ... on Refusal { code message details { name value } } } }"""
SCHEMA = Path(errors.__file__).parents[2] / "schema.graphql"
SOURCES = ("loyalty", "graphql_api", "console", "config", "demo", "hosting")
BAD_INPUT = {"InvalidInput", "ConfigurationInvalid", "PhotoUnusable"}


def _nodes() -> Iterator[tuple[Path, ast.AST]]:
    root = Path(errors.__file__).parents[2]
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                yield path.relative_to(root), node


def _is_bad_input(what: ast.expr | None) -> bool:
    return isinstance(what, ast.Name) and what.id in BAD_INPUT


def _names(call: ast.Call) -> set[object]:
    details = next((each.value for each in call.keywords if each.arg == "details"), None)
    keys = details.keys if isinstance(details, ast.Dict) else []
    return {key.value for key in keys if isinstance(key, ast.Constant)}


def test_wrong_input_always_names_the_field_and_the_reason() -> None:
    wrong = []
    for path, node in _nodes():
        is_bare = isinstance(node, ast.Raise) and _is_bad_input(node.exc)
        is_call = isinstance(node, ast.Call) and _is_bad_input(node.func)
        says_all = isinstance(node, ast.Call) and {"field", "reason"} <= _names(node)
        if is_bare or (is_call and not says_all):
            wrong.append(f"{path}: {ast.unparse(node)}")
    assert wrong == []


def _constants(node: ast.AST, name: str) -> Iterator[object]:
    pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    for key, value in pairs:
        if isinstance(key, ast.Constant) and key.value == name and isinstance(value, ast.Constant):
            yield value.value


def test_the_field_of_wrong_input_is_one_that_callers_send() -> None:
    found = parse(SCHEMA.read_text()).definitions
    inputs = [each for each in found if isinstance(each, InputObjectTypeDefinitionNode)]
    sent = {each.name.value for found in inputs for each in found.fields or ()}
    ours = [(path, node) for path, node in _nodes() if path.parts[0] == "graphql_api"]
    named = {(str(path), name) for path, node in ours for name in _constants(node, "field")}
    assert named
    assert {each for each in named if each[1] not in sent} == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"decision": "PREVIEW"}, "token", "Give exactly one: the code (token)"),
        ({"decision": "PREVIEW", "pin": "0000"}, "programId", "Say which program: give programId."),
        ({"decision": "CONFIRM", "pin": "0000"}, "pin", "A PIN is for looking only"),
        ({"decision": "CONFIRM"}, "token", "Give exactly one: the code (token)"),
    ],
)
def test_what_to_mend_where_a_redemption_is_not_named(
    given: dict[str, str], field: str, said: str
) -> None:
    body = {"locationId": global_id("Location", place().location_id), **given}
    found = told(VALIDATING, token=people.staff().token, input=body).data
    assert found["code"] == "INVALID_INPUT"
    assert found["message"].startswith(said)
    assert found["details"][0] == {"name": "field", "value": field}
