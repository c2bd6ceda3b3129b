"""A rise to a level that is held: told once, and as a state for as long as it lasts."""

from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.models import Card, Level, Settings
from loyalty.undoing.void_session import void_session
from tests.factories import people
from tests.factories.people import as_staff, place
from tests.factories.sales import ANN, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
HISTORY = """query ($id: ID!) { card(id: $id) { history { edges { node { text } } } } }"""
LEVEL = """query ($id: ID!) { card(id: $id) {
  level { name next missingPoints isHeld notice } } }"""


def texts() -> list[str]:
    card = global_id("Card", Card.objects.get().pk)
    found = told(HISTORY, token=people.customer(ANN).token, id=card)
    return [edge["node"]["text"] for edge in found.data["history"]["edges"]]


def level_now() -> Any:
    card = global_id("Card", Card.objects.get().pk)
    return told(LEVEL, token=people.customer(ANN).token, id=card).data["level"]


def test_a_rise_that_is_held_is_told_once_and_names_no_points() -> None:
    Level.objects.create(name="Bronze", threshold=1)
    Level.objects.create(name="Silver", threshold=2)
    Level.objects.create(name="Gold", threshold=9)
    Settings.objects.update(level_most_rises=1)
    said = "The new level waits until somebody has looked at it."
    sessions = [sold(preset_id=place().preset_id) for _ in range(4)]
    assert [said in text for text in texts()] == [False, False, True, False]
    level = told(
        LEVEL, token=people.customer(ANN).token, id=global_id("Card", Card.objects.get().pk)
    )
    assert level.data["level"] == {
        "name": "Bronze",
        "next": "Silver",
        "missingPoints": None,
        "isHeld": True,
        "notice": "The rise to Silver is being checked.",
    }
    explain = "query ($id: ID!) { explain(sessionId: $id) }"
    token = people.staff(Role.MANAGER).token
    stories = [
        told(explain, token=token, id=global_id("EarnSession", each)).data for each in sessions
    ]
    assert [said in str(story) for story in stories] == [False, True, False, False]
    for each in sessions[1:]:
        void_session(each, actor=as_staff(Role.MANAGER), reason="wrong")
    level = told(
        LEVEL, token=people.customer(ANN).token, id=global_id("Card", Card.objects.get().pk)
    )
    assert level.data["level"] == {
        "name": "Bronze",
        "next": "Silver",
        "missingPoints": 1,
        "isHeld": False,
        "notice": None,
    }
