"""A card's history in words, for anybody who may read it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from graphql_api.ids import global_id
from loyalty.base.events import EventKind
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.cards.gifts import ShownBonus as Given
from loyalty.explaining.card_lines import CardLine
from loyalty.models import Card, Level, Location, Preset, Settings
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.switches import Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from loyalty.wording.card_text import card_text
from tenants import context
from tests.factories import people
from tests.factories.people import OWNER, as_staff, place
from tests.factories.sales import ANN, KEY, SPEND, made, redeemed, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
HISTORY = """query ($id: ID!, $first: Int, $after: String, $last: Int) { card(id: $id) {
  history(first: $first, after: $after, last: $last) {
    edges { cursor node { kind at units unitsAfter points text sessionId } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
MISSED = "{ me { ... on Customer { missedCredits { kind units text sessionId } } } }"


@pytest.fixture(autouse=True)
def _whole_hour(move_clock: Move) -> None:
    move_clock(timedelta(0))


def history(token: str | None = None, card: Card | None = None, **page: Any) -> list[Any]:
    card = card or Card.objects.get()
    token = token or people.customer(ANN).token
    found = told(HISTORY, token=token, id=global_id("Card", card.pk), **page)
    assert not found.codes, found
    return [edge["node"] for edge in found.data["history"]["edges"]]


def texts(**page: Any) -> list[str]:
    return [line["text"] for line in history(**page)]


def test_a_life_of_a_card_the_newest_first() -> None:
    Location.objects.update(name="Main Street")
    sessions = [sold(preset_id=place().preset_id) for _ in range(5)]
    card = Card.objects.get()
    live = redeemed(card)
    refund_redemption(live, reason="spilt", actor=as_staff(Role.MANAGER), token_key=KEY)
    void_session(sessions[1], actor=as_staff(), reason="Mira was wrong")
    lines = history()
    assert [line["kind"] for line in lines] == ["VOIDED", "REFUNDED", "REDEEMED"] + (
        ["COLLECTED"] * 5
    )
    assert [line["units"] for line in lines] == [-1, 0, 0, 1, 1, 1, 1, 1]
    assert [line["unitsAfter"] for line in lines] == [4, None, None, 0, 4, 3, 2, 1]
    assert [line["points"] for line in lines] == [-1, 0, 0, 1, 1, 1, 1, 1]
    assert [line["text"] for line in lines[:5]] == [
        (
            "Taken back by the counter: 1 stamp less. 1 point less."
            " The full card is open again: what was on it counts."
            " A bonus was taken away: Free coffee."
        ),
        "Put back: Free coffee. It waits again.",
        "Given: Free coffee.",
        "1 stamp at Main Street. That filled the card: Free coffee.",
        "1 stamp at Main Street.",
    ]
    assert lines[0]["sessionId"] == global_id("EarnSession", sessions[1])
    assert "Mira" not in str(lines)


def test_money_is_said_with_its_currency() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch"), actor=OWNER)
    sold(program, amount=1250)
    assert texts() == ["2 stamps for €12.50 at Alpha Coffee."]
    spend = Mechanic(BonusModel.CUMULATIVE_SPEND, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=5000)
    other = publish_program(NewProgram("Dinner", "JPY", spend, gives="Dinner"), actor=OWNER)
    sold(other, amount=1250)
    card = Card.objects.get(program=other)
    assert history(card=card)[0]["text"] == "JP¥1,250 at Alpha Coffee."


def test_a_refusal_says_why_and_until_when(move_clock: Move) -> None:
    Preset.objects.update(cooldown_minutes=10)
    preset = place().preset_id
    sold(preset_id=preset)
    move_clock(timedelta(minutes=4))
    sold(preset_id=preset)
    first = history()[0]
    assert (first["kind"], first["units"], first["unitsAfter"]) == ("REFUSED", 0, None)
    assert first["text"].startswith("Not added. This was collected a moment ago. Possible again: ")
    # Rounded up: at ten past it would still be a moment too early.
    assert ":11" in first["text"]
    assert first["text"] == texts(last=None)[0]


def test_what_was_missed_before_there_was_a_card() -> None:
    maker = people.customer("staff@alpha.example")
    session = sold(email=maker.email)
    assert not Card.objects.exists()
    found = told(MISSED, token=maker.token).data["missedCredits"]
    assert found == [
        {
            "kind": "REFUSED",
            "units": 0,
            "text": "Not added. You cannot collect what you made yourself.",
            "sessionId": global_id("EarnSession", session),
        }
    ]
    bob = people.customer("bob@alpha.example").token
    assert told(MISSED, token=bob).data["missedCredits"] == []
    assert told(MISSED.replace("Credits", "Credits(first: 101)"), token=bob).codes == {
        "LIMIT_EXCEEDED"
    }
    with context.business("beta"):
        ann = people.customer("staff@beta.example").token
        assert told(MISSED, token=ann).data["missedCredits"] == []


def test_pages_follow_each_other() -> None:
    for _ in range(5):
        sold()
    card = Card.objects.get()
    token = people.customer(ANN).token
    pages, after = [], None
    for _ in range(3):
        found = told(HISTORY, token=token, id=global_id("Card", card.pk), first=2, after=after)
        connection_ = found.data["history"]
        pages.append([edge["node"]["unitsAfter"] for edge in connection_["edges"]])
        after = connection_["pageInfo"]["endCursor"]
    assert pages == [[0, 4], [3, 2], [1]]
    assert [line["unitsAfter"] for line in history(last=2)] == [2, 1]


def test_a_hundred_lines_cost_as_many_statements_as_one() -> None:
    costs = []
    for count in (1, 99):
        sessions = [sold() for _ in range(count)]
        void_session(sessions[0], actor=as_staff(), reason=None)
        token = people.customer(ANN).token
        with CaptureQueriesContext(connection) as sent:
            lines = history(token)
        costs.append((len(lines), len(sent)))
    assert costs[0][0] == 2
    assert costs[1][0] == 100
    assert costs[1][1] <= costs[0][1] + 2
    assert costs[1][1] <= 20


DENIED = [
    ("staff", Role.STAFF),
    ("manager", Role.MANAGER),
    ("owner", Role.OWNER),
    ("bob", None),
    ("nobody", None),
]


@pytest.mark.parametrize(("who", "role"), DENIED)
def test_who_may_read(who: str, role: Role | None) -> None:
    sold()
    card = Card.objects.get()
    token = people.staff(role).token if role else None
    if who == "bob":
        token = people.customer("bob@alpha.example").token
    found = told(HISTORY, token=token, id=global_id("Card", card.pk))
    assert (found.data is not None) is (role in {Role.MANAGER, Role.OWNER})


@pytest.mark.parametrize("role", list(Role))
def test_another_business_reads_nothing(role: Role) -> None:
    sold()
    card = Card.objects.get()
    with context.business("beta"):
        for token in (people.staff(role).token, people.customer("ann@beta.example").token):
            assert told(HISTORY, token=token, id=global_id("Card", card.pk)).data is None


def test_what_expired_is_named_with_the_bonuses_that_did() -> None:
    line = CardLine(
        id=1,
        kind=EventKind.EXPIRED,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        program="Coffee 5+1",
        units=-3,
        gifts=(Given("card", "Free coffee"),),
    )
    assert card_text(line, now=line.at) == "Expired: 3 stamps, Free coffee."
    assert card_text(replace(line, gifts=(), units=-1), now=line.at) == "Expired: 1 stamp."
    assert card_text(replace(line, units=0), now=line.at) == "Expired: Free coffee."


GRANTED = """mutation ($input: CollectInput!) { collect(input: $input) {
  ... on Collected { card { id history { edges { node { text } } } } } } }"""


def test_a_card_out_of_an_answer_is_checked_again() -> None:
    session, token = made()
    del session
    ann = people.customer(ANN).token
    found = told(GRANTED, token=ann, input={"token": token})
    edges = found.data["card"]["history"]["edges"]
    assert [edge["node"]["text"] for edge in edges] == ["1 stamp at Alpha Coffee."]


def test_gifts_and_levels_are_named() -> None:
    Level.objects.create(name="Bronze", threshold=1)
    Level.objects.create(name="Silver", threshold=2)
    Settings.objects.update(level_most_rises=1)
    switches = Switches(
        points=1,
        welcome=Reward(text="A cookie"),
        streak=StreakRule(window=3, threshold=1, gift=Reward(percent=10)),
    )
    stamps = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5)
    program = publish_program(
        NewProgram("Tea", "EUR", stamps, gives="Tea", switches=switches), actor=OWNER
    )
    sold(program)
    sold(program)
    second, first = texts()
    assert first.startswith("1 stamp at Alpha Coffee. ")
    assert "A welcome: A cookie." in first
    assert first.endswith(" Level reached: Bronze.")
    assert second.endswith(" The new level waits until somebody has looked at it.")
