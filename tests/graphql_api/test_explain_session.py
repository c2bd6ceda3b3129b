"""What became of a session, told to managers."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, SaleLine, StampMode, Surplus
from loyalty.explaining.session_stories import session_stories
from loyalty.models import Bonus, Preset
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.programs.publish_version import publish_version
from loyalty.switches import Switches
from loyalty.undoing.void_session import void_session
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tenants import context
from tests.factories import people
from tests.factories.people import OWNER, as_staff, place
from tests.factories.perks import MENU, PRICES
from tests.factories.sales import IP, KEY, SPEND, made, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
EXPLAIN = "query ($id: ID!) { explain(sessionId: $id) }"
SESSION = "query ($id: ID!) { session(id: $id) { status explanation } }"


@pytest.fixture(autouse=True)
def _whole_hour(move_clock: Move) -> None:
    move_clock(timedelta(0))


def explained(session: int, role: Role = Role.MANAGER) -> Any:
    found = told(EXPLAIN, token=people.staff(role).token, id=global_id("EarnSession", session))
    assert not found.codes
    return found.data


def test_a_session_is_explained_to_managers(move_clock: Move) -> None:
    rules = Switches(daily_cap=3)
    program = publish_program(
        NewProgram("Lunch", "EUR", SPEND, gives="Lunch", switches=rules), actor=OWNER
    )
    trimmed = sold(program, amount=4000)
    lines = explained(trimmed)
    assert lines[0].startswith("Made by staff at Alpha Coffee, ")
    assert lines[0].endswith(": 5 stamps for €40.00. Program: Lunch.")
    assert lines[1:3] == [
        (
            "By version 1 of the rules a full card takes 5 stamps. Each €5.00 gives 1 stamp."
            " One scan gives at most 5 stamps. 3 visits a day count."
        ),
        "8 stamps were rung up; one scan gives at most 5 stamps.",
    ]
    assert lines[3].startswith("Collected, ")
    assert lines[4] == "That filled the card: Lunch."
    void_session(trimmed, actor=as_staff(Role.MANAGER), reason="100 % wrong")
    said, went = explained(trimmed)[-2:]
    assert said.startswith("Taken back by a manager, ")
    assert re.search(r", \d\d?:\d\d\. Reason: 100 % wrong\.\Z", said)
    assert went == "With it went: 5 stamps less. A bonus was taken away: Lunch."
    late, _ = made(program, amount=500)
    move_clock(timedelta(seconds=91))
    assert explained(late)[-1] == "Nobody collected it in time: nothing was given."
    assert not any("@" in line for line in lines)


def test_a_promise_is_named() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch"), actor=OWNER)
    sold(program, amount=1000)
    dearer = Mechanic(**{**_fields(SPEND), "step": 1000})
    publish_version(program.pk, dearer, actor=OWNER)
    session = sold(program, amount=1000)
    assert "The card keeps what version 1 promised: 2 stamps, not 1 stamp." in explained(session)


def _fields(rules: Mechanic) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in rules.__slots__}


def test_a_debt_that_a_sale_pays_is_said() -> None:
    sessions = [sold() for _ in range(5)]
    Bonus.objects.update(status="used")
    void_session(sessions[4], actor=as_staff(Role.MANAGER), reason="wrong")
    void_session(sessions[3], actor=as_staff(Role.MANAGER), reason="wrong")
    part, rest, free = sold(), sold(), sold()
    assert explained(part)[-1] == "That goes to what was owed; still to pay: 1 stamp."
    assert explained(rest)[-1] == "That pays what was owed."
    assert explained(free)[-1].startswith("Collected, ")


def test_what_a_money_card_forfeits_is_said() -> None:
    spend = Mechanic(
        BonusModel.CUMULATIVE_SPEND,
        Mode.SIMPLE,
        StampMode.PER_AMOUNT,
        threshold=1000,
        surplus=Surplus.FORFEIT,
    )
    program = publish_program(NewProgram("Dinner", "EUR", spend, gives="Dinner"), actor=OWNER)
    assert explained(sold(program, amount=2500))[-2:] == [
        "That filled the card: Dinner.",
        "What was over does not count: €15.00.",
    ]


def test_units_are_said_by_tier(move_clock: Move) -> None:
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, threshold=9)
    program = publish_program(
        NewProgram(
            "Lunch",
            "EUR",
            rules,
            menu=MENU,
            prices=PRICES,
            switches=Switches(units_expire_after=1),
        ),
        actor=OWNER,
    )
    counts = {"Soup": 2, "Pasta": 1}
    lines = tuple(SaleLine(program.products.get(name=name).pk, n) for name, n in counts.items())
    session = sold(program, lines=lines)
    said = "2 stamps of Starter, 1 stamp of Main"
    assert explained(session)[-1].endswith(f": {said}.")
    move_clock(timedelta(days=40))
    last = sold(program, lines=lines[:1])
    assert explained(last)[-2].endswith(": 2 stamps of Starter.")
    assert explained(last)[-1] == f"Before that, {said} had expired."
    void_session(last, actor=as_staff(Role.MANAGER), reason="wrong")
    assert explained(last)[-1].startswith("With it went: 2 stamps of Starter less.")


def test_an_unknown_session_is_null() -> None:
    assert explained(7) is None
    found = told(EXPLAIN, token=people.staff(Role.OWNER).token, id="x")
    assert (found.data, found.codes) == (None, set())


def test_refused_and_queued_ones_say_so(move_clock: Move) -> None:
    Preset.objects.update(cooldown_minutes=10)
    preset = place().preset_id
    sold(preset_id=preset)
    move_clock(timedelta(minutes=4))
    lines = explained(sold(preset_id=preset))
    assert lines[0].endswith(" Button: Coffee.")
    assert "A customer can use this button once in 10 minutes." in lines[1]
    assert "This was collected a moment ago. Possible again: " in lines[2]
    queued, token = made()
    queue_session(token, typed="x@y.example", who=QueueAsker(ip=IP), token_key=KEY)
    (line,) = explained(queued)[2:]
    assert line.startswith("Taken for an address, ")
    assert "@" not in line


@pytest.mark.parametrize("who", ["staff", "manager", "owner", "bob", "nobody"])
def test_who_may_read(who: str) -> None:
    identity = global_id("EarnSession", sold())
    may = who in {"manager", "owner"}
    token = people.staff(Role(who)).token if who in set(Role) else None
    if who == "bob":
        token = people.customer("bob@alpha.example").token
    found = told(EXPLAIN, token=token, id=identity)
    code = "UNAUTHENTICATED" if token is None else "FORBIDDEN"
    assert (found.data is not None, found.codes) == (may, set() if may else {code})
    shown = told(SESSION, token=token, id=identity)
    assert not shown.codes
    # Its maker may see the session, and not the story.
    assert (shown.data is not None) is (may or who == "staff")
    assert bool(shown.data and shown.data["explanation"]) is may


@pytest.mark.parametrize("role", list(Role))
def test_another_business_reads_nothing(role: Role) -> None:
    identity = global_id("EarnSession", sold())
    with context.business("beta"):
        token = people.staff(role).token
        assert told(EXPLAIN, token=token, id=identity).data is None
        assert told(SESSION, token=token, id=identity).data is None


def test_a_hundred_stories_cost_as_many_statements_as_one() -> None:
    costs = []
    for count in (1, 99):
        sessions = [sold() for _ in range(count)]
        with CaptureQueriesContext(connection) as sent:
            assert len(session_stories(sessions, actor=OWNER)) == count
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 8
