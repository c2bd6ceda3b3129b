"""New numbers for a running program: nobody who holds a card loses by them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from loyalty.base.errors import ConfigurationInvalid, NotFound
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.cards.shown_card import shown_card
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, Program, ProgramVersion
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.programs.publish_version import cards_affected, publish_version
from loyalty.switches import Reward, StreakRule, Switches
from tests.factories.people import OWNER, as_customer, as_staff, customer, place
from tests.harness.asking import told

PROGRESS = "{ me { ... on Customer { cards { progress { open threshold missing isFull } } } } }"
pytestmark = pytest.mark.django_db
FIVE = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5)
STEP = Mechanic(BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=5, step=500)


def published(rules: Mechanic) -> Program:
    return publish_program(NewProgram("Lunch", "EUR", rules, gives="Lunch"), actor=OWNER)


def visit(program: Program, who: str = "ann", **sale: Any) -> Any:
    wanted = SaleInput(program.pk, place().location_id, **sale)
    token = mint(wanted, actor=as_staff(), token_key="k").token or ""
    return collect(token, actor=as_customer(f"{who}@alpha.example"), ip="192.0.2.1")


def test_a_better_version_is_taken_up_at_once() -> None:
    program = published(FIVE)
    visit(program)
    assert cards_affected(program.pk, replace(FIVE, threshold=4), actor=OWNER) == (1, 0, 0)
    found = publish_version(program.pk, replace(FIVE, threshold=4), actor=OWNER)
    assert (found.version.number, found.cards) == (2, (1, 0, 0))
    assert Card.objects.get(program=program).promise == found.version


def test_a_worse_version_waits_for_the_completion() -> None:
    program = published(FIVE)
    for _ in range(3):
        visit(program)
    found = publish_version(program.pk, replace(FIVE, threshold=8), actor=OWNER)
    assert found.cards == (0, 1, 0)
    assert visit(program, "bob").card.progress[0].threshold == 8
    outcomes = [visit(program) for _ in range(2)]
    assert [len(each.bonuses) for each in outcomes] == [0, 1]
    assert (
        Card.objects.get(customer_id=as_customer("ann@alpha.example").id).promise == found.version
    )
    assert visit(program).card.progress[0].threshold == 8


def test_a_running_card_keeps_its_step() -> None:
    program = published(STEP)
    visit(program, amount=500)
    publish_version(program.pk, replace(STEP, step=1000), actor=OWNER)
    assert visit(program, amount=1500).units == 3
    assert visit(program, "bob", amount=1500).units == 1


def test_what_a_program_counts_is_fixed() -> None:
    program = published(FIVE)
    with pytest.raises(ConfigurationInvalid):
        publish_version(program.pk, STEP, actor=OWNER)
    assert ProgramVersion.objects.filter(program=program).count() == 1


def test_the_preview_counts_what_publishing_does() -> None:
    gift = Switches(welcome=Reward(), streak=StreakRule(7, 3))
    program = publish_program(
        NewProgram("Lunch", "EUR", FIVE, gives="Lunch", switches=gift, prices={"Lunch": 900}),
        actor=OWNER,
    )
    visit(program)
    program.products.update(price=950)
    for wanted in (gift, None, replace(gift, points=3), Switches()):
        foreseen = cards_affected(program.pk, FIVE, switches=wanted, actor=OWNER)
        with transaction.atomic():
            found = publish_version(program.pk, FIVE, switches=wanted, actor=OWNER)
            assert foreseen == found.cards
            transaction.set_rollback(True)
    assert cards_affected(program.pk, FIVE, switches=gift, actor=OWNER) == (1, 0, 0)
    assert cards_affected(program.pk, FIVE, switches=Switches(), actor=OWNER) == (0, 1, 0)


def test_no_preview_of_another_business_s_program() -> None:
    with pytest.raises(NotFound):
        cards_affected(999_999, FIVE, actor=OWNER)


def test_a_card_that_a_lower_threshold_fills_gets_its_bonus_with_the_next_visit() -> None:
    program = published(replace(FIVE, threshold=10))
    for _ in range(9):
        visit(program)
    visit(program, "bob")
    wanted = replace(FIVE, threshold=8)
    # The owner sees it beforehand.
    assert cards_affected(program.pk, wanted, actor=OWNER) == (2, 0, 1)
    assert publish_version(program.pk, wanted, actor=OWNER).cards == (2, 0, 1)
    card = Card.objects.get(customer_id=as_customer("ann@alpha.example").id)
    progress = told(PROGRESS, token=customer("ann@alpha.example").token)
    assert progress.data["cards"][0]["progress"] == [
        {"open": 9, "threshold": 8, "missing": 0, "isFull": True}
    ]
    assert list(wrong_rebuilds()) == []
    after = visit(program)
    assert [each.source for each in after.bonuses] == ["card"]
    assert after.card.progress[0].open == 2
    assert not shown_card(card.pk, actor=as_customer("ann@alpha.example")).is_due
    assert list(wrong_rebuilds()) == []


def test_units_that_lay_too_long_fill_no_card(move_clock: Callable[[timedelta], None]) -> None:
    months = Switches(units_expire_after=1)
    program = publish_program(
        NewProgram("Lunch", "EUR", FIVE, gives="Lunch", switches=months), actor=OWNER
    )
    for _ in range(4):
        visit(program)
    assert cards_affected(program.pk, replace(FIVE, threshold=3), actor=OWNER).full == 1
    move_clock(timedelta(days=40))
    assert cards_affected(program.pk, replace(FIVE, threshold=3), actor=OWNER).full == 0
