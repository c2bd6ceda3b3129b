"""States are enumerations, and the database allows what they name: no more and no less."""

import ast
from enum import StrEnum
from itertools import chain
from pathlib import Path

import pytest
from django.db import connection

from loyalty.base import states
from loyalty.base.states import (
    BonusSource,
    BonusStatus,
    EntryKind,
    FindingKind,
    FindingStatus,
    RedemptionStatus,
    RunStatus,
    SessionStatus,
)
from loyalty.base.values import Role
from tests.isolation.test_layout import TRANSPORTS, sources

ENUMS: tuple[type[StrEnum], ...] = (
    SessionStatus,
    BonusStatus,
    BonusSource,
    RedemptionStatus,
    EntryKind,
    RunStatus,
    FindingKind,
    FindingStatus,
)
WORDS = {each.value for each in chain(*ENUMS)} | {states.EXPIRED}
# What holds a state: a column, a field, or a name for one.
HOLDERS = {"status", "shown_status", "bonus_status", "source", "verdict", "was", "kind"}
# Words of another language: messages of the WebSocket protocol have kinds too.
FOREIGN = {"graphql_api.bodies"}


def _held(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in HOLDERS


def _says(node: ast.expr) -> bool:
    texts = (each for each in ast.walk(node) if isinstance(each, ast.Constant))
    return any(each.value in WORDS for each in texts if isinstance(each.value, str))


def literals(tree: ast.Module) -> list[int]:
    """The lines on which a state is compared with, or set to, a text that is written out."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(_held, sides)) and any(map(_says, sides)):
                found.append(node.lineno)
        elif isinstance(node, ast.keyword):
            bare = (node.arg or "").rsplit("__in")[0].rsplit("__")[-1]
            if bare in {"status", "source", "kind"} and _says(node.value):
                found.append(node.value.lineno)
        elif isinstance(node, ast.Match) and _held(_subject(node)):
            cases = (each.pattern for each in node.cases)
            found += [
                each.lineno
                for each in cases
                if isinstance(each, ast.MatchValue) and _says(each.value)
            ]
    return found


def _subject(node: ast.Match) -> ast.expr:
    return node.subject.func if isinstance(node.subject, ast.Call) else node.subject


@pytest.mark.parametrize("folder", ["loyalty", *TRANSPORTS])
def test_a_state_is_never_written_out(folder: str) -> None:
    own = ((name, tree) for name, tree in sources(folder) if name not in FOREIGN)
    assert [(name, line) for name, tree in own for line in literals(tree)] == []


@pytest.mark.parametrize(
    "planted",
    [
        'session.status == "collected"',
        'facts.bonus_status not in {"waiting"}',
        'rows.filter(status="open")',
        'rows.exclude(program__status="archived")',
        'rows.filter(status__in=["waiting", "expired"])',
        'match facts.shown_status(now):\n    case "confirmed":\n        pass',
    ],
)
def test_a_state_that_is_written_out_is_seen(planted: str) -> None:
    assert len(literals(ast.parse(planted))) == 1


def test_every_enumeration_of_the_module_is_tried() -> None:
    text = Path(states.__file__).read_text(encoding="utf-8")
    named = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    assert [each.__name__ for each in ENUMS] == named


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("session_status", SessionStatus),
        ("bonus_status", BonusStatus),
        ("bonus_source", BonusSource),
        ("redemption_status", RedemptionStatus),
        ("program_status", RunStatus),
        ("anomaly_kind", FindingKind),
        ("staff_member_role", Role),
        ("ledger_sign", EntryKind),
        ("anomaly_decided_whole", FindingStatus),
    ],
)
def test_the_database_knows_the_same_words(constraint: str, words: type[StrEnum]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = %s AND connamespace = current_schema()::regnamespace",
            [constraint],
        )
        ((said,),) = cursor.fetchall()
    known = {part for n, part in enumerate(said.split("'")) if n % 2}
    assert known == {each.value for each in words}
