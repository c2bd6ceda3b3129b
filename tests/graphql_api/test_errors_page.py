"""docs/errors.md names every code that the API can answer, and none that it cannot."""

import ast
import re
from collections.abc import Iterator
from inspect import getsource
from pathlib import Path

from strawberry.subscriptions.protocols.graphql_transport_ws import handlers

import graphql_api
from graphql_api.errors_page import page
from graphql_api.refusal_codes import RefusalCode
from graphql_api.technical import CLOSE_CODES, CODES, REASONS, STATUSES, WrongToken
from loyalty.people.ended_token import TokenEnd

FOLDER = Path(graphql_api.__file__).parent
# The first argument of each says a code.
RAISED = {"PublicError", "set_code", "body_of"}


def sources() -> Iterator[tuple[str, str]]:
    for path in FOLDER.rglob("*.py"):
        yield path.name, path.read_text()


def calls(name: str, text: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, ast.Call):
            yield node


def _texts(node: ast.expr) -> set[str]:
    found = (str(n.value) for n in ast.walk(node) if isinstance(n, ast.Constant))
    return {value for value in found if value.isupper()}


def test_every_top_level_code_is_in_the_table() -> None:
    said: set[str] = set()
    for name, text in sources():
        for call in calls(name, text):
            called = call.func.id if isinstance(call.func, ast.Name) else ""
            if called in RAISED:
                said |= {word for arg in call.args[:2] for word in _texts(arg)}
            for keyword in call.keywords:
                said |= _texts(keyword.value) if keyword.arg == "code" else set()
        if name == "error_codes.py":
            said |= set(re.findall(r'"([A-Z_]{5,})"', text))
    # These are raised where no call names them: masked, and found in the database's errors.
    assert said | {"UNAVAILABLE", "INTERNAL", "NOT_FOUND"} == set(CODES)


def test_every_reason_is_in_the_table() -> None:
    known = {reason for found in REASONS.values() for reason in found}
    said = {each.value for each in (*TokenEnd, *WrongToken)}
    for name, text in sources():
        for call in calls(name, text):
            found = [each.value for each in call.keywords if each.arg == "reason"]
            said |= {str(n.value) for n in found if isinstance(n, ast.Constant) and n.value}
    assert said == known


def test_every_close_code_is_in_the_table() -> None:
    texts = [text for _, text in sources()] + [getsource(handlers)]
    used = {int(code) for text in texts for code in re.findall(r"\b(44\d\d|1009|1013)\b", text)}
    # Strawberry's for a refusal without a reason: ours have one, and codes of their own.
    assert used - {4403} == set(CLOSE_CODES)


def test_the_page_has_all_of_them() -> None:
    text = page()
    every = [*CODES, *RefusalCode.__members__, *map(str, STATUSES), *map(str, CLOSE_CODES)]
    every += [reason for found in REASONS.values() for reason in found]
    for each in every:
        assert f"| `{each}` | " in text, each
    assert "%(" not in text
