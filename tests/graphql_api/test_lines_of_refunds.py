"""Refunds and undos of several cards, as each card's history tells them; its lines add up."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.expiry.expire import expire
from loyalty.explaining.card_lines import SHOWN, card_lines
from loyalty.models import Bonus, Card, Counter, EarnSession, Event
from loyalty.undoing.void_session import void_session
from loyalty.wording.card_text import card_text
from tests.factories.people import as_staff, customer
from tests.factories.sales import redeemed, sold
from tests.factories.undoing import WITH, levels, programs, refund, sale, used
from tests.factories.undoing import sold as bought
from tests.harness.asking import told
from tests.harness.clock import now
from tests.model.lines import lines_add_up
from tests.model.look import look

pytestmark = pytest.mark.django_db
SUMS = """query ($id: ID!) { card(id: $id) { points progress { open debt }
  history(first: 100) { edges { node { kind points unitsChange text } } } } }"""


def texts(card: Card) -> list[str]:
    """Its history, the newest line first."""
    events = Event.objects.filter(card_id=card.pk, kind__in=SHOWN).order_by("-id")
    return [card_text(line, now=now()) for line in card_lines(list(events))]


def undo(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")


def test_what_was_used_by_then_and_put_back_since() -> None:
    sessions = [sold() for _ in range(5)]
    card = Card.objects.get()
    redemption = redeemed(card)
    undo(sessions[0])
    undo(sessions[1])
    assert [text for text in texts(card) if "used already" in text] == texts(card)[:2]
    refund(redemption)
    put_back, second, first = texts(card)[:3]
    assert put_back == (
        "Put back: Free coffee. What it was given for was taken back: it can no longer be used."
        " Nothing is owed for it any more."
    )
    assert "A bonus had been used by then, and was put back since: Free coffee." in first
    for text, owed in ((first, "1 stamp"), (second, "2 stamps")):
        assert "used already" not in text
        assert f"You owed {owed} then; what was put back since is not owed any more." in text
    assert list(Counter.objects.values_list("open", "debt")) == [(3, 0)]


def test_gains_and_losses_of_other_visits_are_both_told(
    move_clock: Callable[[timedelta], None],
) -> None:
    levels()
    one, money, _ = programs()
    first = bought(WITH, one, {"quantity": 1})
    for number in range(1, 9):
        move_clock(timedelta(hours=number))
        program, entered = (one, {"quantity": 1}) if number % 2 else (money, {"amount": 100})
        bought(WITH, program, entered)
    undo(first)
    other = Card.objects.get(program=money)
    lines = texts(other)
    assert lines[0].startswith("A sale on another card was taken back.")
    assert "Other visits give 10 points less, because the level was another one." in lines[0]
    lines_add_up(look())


@pytest.mark.parametrize("seed", range(4))
def test_lines_add_up_to_the_card(seed: int, move_clock: Callable[[timedelta], None]) -> None:
    dice = random.Random(seed)  # noqa: S311  a repeatable scenario, no secret
    levels()
    running, at, given = programs(), timedelta(0), list[int]()
    for _ in range(14):
        at += timedelta(days=dice.choice([0, 1, 1, 9, 40]), minutes=dice.randint(1, 300))
        move_clock(at)
        program = dice.choice(running)
        bought(WITH, program, sale(dice, program))
        waiting = Bonus.objects.filter(status="waiting").exclude(source="card")
        if waiting and dice.random() < 0.5:
            given.append(used(dice.choice(waiting.order_by("id")).source))
        if dice.random() < 0.4:
            undo(dice.choice(EarnSession.objects.filter(status="collected").order_by("id")).pk)
        if given and dice.random() < 0.3:
            refund(given.pop())
    for number in Card.objects.values_list("pk", flat=True):
        # What is over reads as if it were written off already.
        expire(number)
    numbers = list(Card.objects.values_list("pk", flat=True))
    assert numbers
    for number in numbers:
        asked = told(SUMS, token=customer(WITH).token, id=global_id("Card", number))
        card: Any = asked.data
        lines = [edge["node"] for edge in card["history"]["edges"]]
        assert sum(line["points"] for line in lines) == card["points"]
        counted = sum(each["open"] - each["debt"] for each in card["progress"])
        assert sum(line["unitsChange"] for line in lines) == counted
    assert [*wrong_books(), *wrong_rebuilds()] == []
