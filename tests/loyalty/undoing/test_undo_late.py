"""An undo behind scans that were granted late: as if the sale had not happened."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode, Surplus
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.models import Bonus, Counter, Customer
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.undoing.void_session import void_session
from tests.factories.people import OWNER, as_staff
from tests.factories.undoing import (
    EVERYTHING,
    NEVER,
    WITH,
    granted,
    levels,
    nearly,
    programs,
    queued,
    sale,
    sold,
    stands,
)

pytestmark = pytest.mark.django_db
MONEY = Mechanic(
    BonusModel.CUMULATIVE_SPEND,
    Mode.SIMPLE,
    StampMode.PER_AMOUNT,
    threshold=1000,
    surplus=Surplus.FORFEIT,
)


def take_back(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")


def stand() -> tuple[int, int, int]:
    """Open, debt, waiting bonuses."""
    counter = Counter.objects.get()
    return counter.open, counter.debt, Bonus.objects.filter(status="waiting").count()


def test_money_that_came_late_was_credited_last(move_clock: Callable[[timedelta], None]) -> None:
    program = publish_program(NewProgram("Spend", "EUR", MONEY, gives="Lunch"), actor=OWNER)
    queued(WITH, program, {"amount": 500})
    move_clock(timedelta(hours=1))
    unwanted = sold(WITH, program, {"amount": 600})
    move_clock(timedelta(hours=2))
    sold(WITH, program, {"amount": 700})
    move_clock(timedelta(hours=3))
    granted(WITH)
    # 600 + 700 fill a card and forfeit 300; what came late begins the next one.
    assert stand() == (500, 0, 1)
    take_back(unwanted)
    # 700 + 500 fill one. In the order of the scans 500 + 600 did, and 700 were left: with that, the
    # undo would leave a debt of 200.
    assert stand() == (0, 0, 1)
    assert list(wrong_rebuilds()) == []


@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize("surplus", Surplus)
def test_as_if_it_had_not_happened(
    seed: int, surplus: Surplus, move_clock: Callable[[timedelta], None]
) -> None:
    dice = random.Random(seed)  # noqa: S311  a repeatable scenario, no secret
    levels()
    money = NewProgram("M", "EUR", replace(MONEY, surplus=surplus), gives="A", switches=EVERYTHING)
    running = [*programs(), publish_program(money, actor=OWNER)]
    Customer.objects.update(birth_month=12, birth_day=24)
    count = dice.randint(5, 12)
    taken_back, unwanted, at = dice.randrange(count), 0, timedelta(0)
    waits = False
    for number in range(count):
        # What waits is kept for a week.
        days = [0, 0, 1, 2] if waits else [0, 1, 2, 9, 40]
        at += timedelta(days=dice.choice(days), minutes=dice.randint(1, 300))
        program = running[-1] if dice.random() < 0.6 else dice.choice(running)
        entered, how = sale(dice, program), dice.choice([sold, queued])
        for email in (WITH, NEVER):
            move_clock(at)
            if email == WITH or number != taken_back:
                session = how(email, program, entered)
                unwanted = session if (email, number) == (WITH, taken_back) else unwanted
        waits |= how is queued
        if waits and (number == count - 1 or dice.random() < 0.4):
            at += timedelta(minutes=dice.randint(1, 90))
            for email in (WITH, NEVER):
                move_clock(at)
                granted(email)
            waits = False
    take_back(unwanted)
    assert nearly(stands(WITH)) == nearly(stands(NEVER))
    assert list(wrong_books()) == []
    assert list(wrong_rebuilds()) == []
