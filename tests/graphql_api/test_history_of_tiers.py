"""A card whose tiers count for themselves: its history names them, in words and as fields."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, SaleLine, StampMode
from loyalty.expiry.expire import expire
from loyalty.models import Bonus, Card, Program
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.switches import Switches
from loyalty.undoing.void_session import void_session
from tests.factories import people
from tests.factories.people import OWNER, as_staff
from tests.factories.perks import MENU, PRICES
from tests.factories.sales import ANN, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
HISTORY = """query ($id: ID!) { card(id: $id) { history { edges { node {
  kind units unitsAfter text perTier { tier { name } units unitsAfter } } } } } }"""
RULES = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, threshold=3)


@pytest.fixture
def program(move_clock: Move) -> Program:
    move_clock(timedelta(0))
    switches = Switches(units_expire_after=1)
    return publish_program(
        NewProgram("Lunch", "EUR", RULES, menu=MENU, prices=PRICES, switches=switches), actor=OWNER
    )


def bought(program: Program, **counts: int) -> int:
    lines = [SaleLine(program.products.get(name=name).pk, n) for name, n in counts.items()]
    return sold(program, lines=tuple(lines))


def history() -> list[Any]:
    card = global_id("Card", Card.objects.get().pk)
    found = told(HISTORY, token=people.customer(ANN).token, id=card)
    assert not found.codes, found
    return [edge["node"] for edge in found.data["history"]["edges"]]


def tiers(line: Any) -> list[tuple[str, int, int]]:
    return [(each["tier"]["name"], each["units"], each["unitsAfter"]) for each in line["perTier"]]


def test_each_line_names_its_tier_and_what_that_tier_has(program: Program) -> None:
    bought(program, Soup=2)
    bought(program, Pasta=1)
    both = bought(program, Pasta=1, Soup=2)
    lines = history()
    assert [line["text"] for line in lines] == [
        "2 stamps of Starter, 1 stamp of Main at Alpha Coffee. That filled the card: Any Starter.",
        "1 stamp of Main at Alpha Coffee.",
        "2 stamps of Starter at Alpha Coffee.",
    ]
    assert [(line["units"], line["unitsAfter"]) for line in lines] == [(3, None), (1, 1), (2, 2)]
    assert [tiers(line) for line in lines] == [
        [("Starter", 2, 1), ("Main", 1, 2)],
        [("Main", 1, 1)],
        [("Starter", 2, 2)],
    ]
    void_session(both, actor=as_staff(Role.MANAGER), reason="wrong")
    line = history()[0]
    assert line["text"].startswith(
        "Taken back by the counter: 2 stamps of Starter, 1 stamp of Main less."
    )
    assert tiers(line) == [("Starter", -2, 2), ("Main", -1, 1)]


def test_a_debt_is_paid_by_its_own_tier(program: Program) -> None:
    full = bought(program, Pasta=3)
    Bonus.objects.update(status="used")
    void_session(full, actor=as_staff(Role.MANAGER), reason="wrong")
    assert tiers(history()[0]) == [("Main", -3, -3)]
    bought(program, Soup=1)
    assert history()[0]["text"] == "1 stamp of Starter at Alpha Coffee."
    assert history()[0]["unitsAfter"] == 1
    bought(program, Pasta=2)
    line = history()[0]
    assert line["text"] == (
        "2 stamps of Main at Alpha Coffee."
        " That goes to what was owed; still to pay: 1 stamp of Main."
    )
    assert line["unitsAfter"] == -1
    bought(program, Pasta=2, Soup=1)
    line = history()[0]
    assert line["text"].endswith(" That pays what was owed of Main.")
    assert tiers(line) == [("Starter", 1, 2), ("Main", 2, 1)]


def test_what_expired_names_its_tiers(program: Program, move_clock: Move) -> None:
    bought(program, Soup=2, Pasta=1)
    move_clock(timedelta(days=40))
    bought(program, Soup=1)
    line = history()[0]
    assert line["text"] == (
        "1 stamp of Starter at Alpha Coffee."
        " Before that, 2 stamps of Starter, 1 stamp of Main had expired."
    )
    assert tiers(line) == [("Starter", 1, 1), ("Main", 0, 0)]
    move_clock(timedelta(days=80))
    expire(Card.objects.get().pk)
    line = history()[0]
    assert (line["kind"], line["text"]) == ("EXPIRED", "Expired: 1 stamp of Starter.")
    assert (line["unitsAfter"], tiers(line)) == (0, [("Starter", -1, 0)])


def test_lines_that_were_trimmed_say_the_limit() -> None:
    rules = replace(RULES, threshold=9, max_units_per_scan=2)
    program = publish_program(
        NewProgram("Dinner", "EUR", rules, menu=MENU, prices=PRICES), actor=OWNER
    )
    bought(program, Soup=3, Pasta=1)
    assert history()[0]["text"] == (
        "1 stamp of Starter, 1 stamp of Main at Alpha Coffee."
        " 4 stamps were rung up; one scan gives at most 2 stamps."
    )
