"""Each credit and each missing credit, in words, for whoever may read them."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from graphql_api.ids import global_id
from loyalty.actions.collect import collect
from loyalty.actions.decide_redemption import Verdict, decide_redemption
from loyalty.actions.mint import SaleInput, mint
from loyalty.actions.preview_redemption import Selector
from loyalty.actions.publish_program import NewProgram, publish_program
from loyalty.actions.publish_version import publish_version
from loyalty.actions.refund_redemption import refund_redemption
from loyalty.actions.request_bonus import Request, request_bonus
from loyalty.actions.void_session import void_session
from loyalty.errors import Refused
from loyalty.models import Card, Location, Preset, Program
from loyalty.switches import Switches
from loyalty.values import BonusModel, Mechanic, Mode, Role, StampMode
from tenants import context
from tests import people
from tests.asking import told
from tests.people import as_customer, as_staff, place

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
ANN = "ann@alpha.example"
HISTORY = """query ($id: ID!, $first: Int, $after: String, $last: Int) { card(id: $id) {
  history(first: $first, after: $after, last: $last) {
    edges { cursor node { kind at units unitsAfter points text sessionId } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
MISSED = "{ me { ... on Customer { missedCredits { kind units text sessionId } } } }"
EXPLAIN = "query ($id: ID!) { explain(sessionId: $id) }"
SESSION = "query ($id: ID!) { session(id: $id) { status explanation } }"
SPEND = Mechanic(
    BonusModel.AMOUNT_STEP,
    Mode.SIMPLE,
    StampMode.PER_AMOUNT,
    threshold=5,
    step=500,
    max_units_per_scan=5,
)


@pytest.fixture(autouse=True)
def _whole_hour(move_clock: Move) -> None:
    move_clock(timedelta(0))


def sold(program: Program | None = None, email: str = ANN, **sale: Any) -> int:
    """The session of a sale that was tried to collect."""
    number = program.pk if program else place().program_id
    made = mint(SaleInput(number, place().location_id, **sale), actor=as_staff(), token_key="k")
    with contextlib.suppress(Refused):
        collect(made.token or "", actor=as_customer(email), ip="192.0.2.1")
    return made.id


def history(token: str | None = None, card: Card | None = None, **page: Any) -> list[Any]:
    card = card or Card.objects.get()
    token = token or people.customer(ANN).token
    found = told(HISTORY, token=token, id=global_id("Card", card.pk), **page)
    assert not found.codes, found
    return [edge["node"] for edge in found.data["history"]["edges"]]


def texts(**page: Any) -> list[str]:
    return [line["text"] for line in history(**page)]


def explained(session: int, role: Role = Role.MANAGER) -> Any:
    found = told(EXPLAIN, token=people.staff(role).token, id=global_id("EarnSession", session))
    assert not found.codes
    return found.data


def redeemed(card: Card) -> int:
    wanted = Request(card.pk)
    live = request_bonus(wanted, actor=as_customer(ANN), token_key="k")
    decide_redemption(
        Selector(token=live.token),
        Verdict.CONFIRMED,
        location_id=place().location_id,
        actor=as_staff(),
        ip="192.0.2.1",
    )
    return live.id


def test_a_life_of_a_card_the_newest_first() -> None:
    Location.objects.update(name="Main Street")
    sessions = [sold(preset_id=place().preset_id) for _ in range(5)]
    card = Card.objects.get()
    live = redeemed(card)
    refund_redemption(live, reason="spilt", actor=as_staff(Role.MANAGER), token_key="k")
    void_session(sessions[1], actor=as_staff(), reason="Mira was wrong")
    lines = history()
    assert [line["kind"] for line in lines] == ["VOIDED", "REFUNDED", "REDEEMED"] + (
        ["COLLECTED"] * 5
    )
    assert [line["units"] for line in lines] == [-1, 0, 0, 1, 1, 1, 1, 1]
    assert [line["unitsAfter"] for line in lines] == [4, None, None, 0, 4, 3, 2, 1]
    assert [line["points"] for line in lines] == [-1, 0, 0, 1, 1, 1, 1, 1]
    assert [line["text"] for line in lines[:5]] == [
        "Taken back by the counter: -1 stamp.",
        "Put back: Free coffee. It waits again.",
        "Given: Free coffee.",
        "1 stamp at Main Street. That filled the card: Free coffee.",
        "1 stamp at Main Street.",
    ]
    assert lines[0]["sessionId"] == global_id("EarnSession", sessions[1])
    assert "Mira" not in str(lines)


def test_money_is_said_with_its_currency() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch"))
    sold(program, amount=1250)
    assert texts() == ["2 stamps for 12.50 EUR at Alpha Coffee."]
    spend = Mechanic(BonusModel.CUMULATIVE_SPEND, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=5000)
    other = publish_program(NewProgram("Dinner", "JPY", spend, gives="Dinner"))
    sold(other, amount=1250)
    card = Card.objects.get(program=other)
    assert history(card=card)[0]["text"] == "1250 JPY at Alpha Coffee."


def test_a_refusal_says_why_and_until_when(move_clock: Move) -> None:
    Preset.objects.update(cooldown_minutes=10)
    preset = place().preset_id
    sold(preset_id=preset)
    move_clock(timedelta(minutes=4))
    refused = sold(preset_id=preset)
    first = history()[0]
    assert (first["kind"], first["units"], first["unitsAfter"]) == ("REFUSED", 0, None)
    assert first["text"].startswith("Not added. This was collected a moment ago. Possible again: ")
    assert ":10" in first["text"]
    assert first["text"] == texts(last=None)[0]
    lines = explained(refused)
    assert any("This was collected a moment ago. Possible again: " in line for line in lines)
    assert any("Once in 10 minutes." in line for line in lines)


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


def test_a_session_is_explained_to_managers(move_clock: Move) -> None:
    rules = Switches(daily_cap=3)
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch", switches=rules))
    trimmed = sold(program, amount=4000)
    lines = explained(trimmed)
    assert lines[0].startswith("Made by staff at Alpha Coffee, ")
    assert lines[0].endswith(": 5 stamps for 40.00 EUR. Program: Lunch.")
    assert lines[1:3] == [
        (
            "Version 1 of the rules. A full card: 5 stamps. One for each 5.00 EUR. At most 5 stamps"
            " at once. 3 visits a day."
        ),
        "8 stamps were rung up; one scan gives at most 5 stamps.",
    ]
    assert lines[3].startswith("Collected, ")
    assert lines[4] == "That filled the card: Lunch."
    void_session(trimmed, actor=as_staff(Role.MANAGER), reason="100 % wrong")
    assert explained(trimmed)[-1].startswith("Taken back by a manager, ")
    assert explained(trimmed)[-1].endswith(" Reason: 100 % wrong.")
    made = mint(
        SaleInput(program.pk, place().location_id, amount=500), actor=as_staff(), token_key="k"
    )
    move_clock(timedelta(seconds=91))
    assert explained(made.id)[-1] == "Nobody collected it in time: nothing was given."
    assert not any("@" in line for line in lines)


def test_a_promise_is_named() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch"))
    sold(program, amount=1000)
    dearer = Mechanic(**{**_fields(SPEND), "step": 1000})
    publish_version(program.pk, dearer)
    session = sold(program, amount=1000)
    assert "The card keeps what version 1 promised: 2 stamps, not 1 stamp." in explained(session)


def _fields(rules: Mechanic) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in rules.__slots__}


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
    session = sold()
    card = Card.objects.get()
    may = role in {Role.MANAGER, Role.OWNER}
    token = people.staff(role).token if role else None
    if who == "bob":
        token = people.customer("bob@alpha.example").token
    found = told(HISTORY, token=token, id=global_id("Card", card.pk))
    assert (found.data is not None) is may
    identity = global_id("EarnSession", session)
    explained_to = told(EXPLAIN, token=token, id=identity)
    code = "UNAUTHENTICATED" if token is None else "FORBIDDEN"
    assert explained_to.codes == (set() if may else {code})
    assert (explained_to.data is not None) is may
    shown = told(SESSION, token=token, id=identity)
    assert (shown.data is not None) is may
    assert shown.codes == ({"FORBIDDEN"} if who == "staff" else set())


@pytest.mark.parametrize("role", list(Role))
def test_another_business_reads_nothing(role: Role) -> None:
    session = sold()
    card = Card.objects.get()
    with context.business("beta"):
        token = people.staff(role).token
        assert told(HISTORY, token=token, id=global_id("Card", card.pk)).data is None
        identity = global_id("EarnSession", session)
        assert told(EXPLAIN, token=token, id=identity).data is None
        assert told(SESSION, token=token, id=identity).data is None


def test_an_unknown_session_is_null() -> None:
    assert explained(7) is None
    found = told(EXPLAIN, token=people.staff(Role.OWNER).token, id="x")
    assert (found.data, found.codes) == (None, set())
