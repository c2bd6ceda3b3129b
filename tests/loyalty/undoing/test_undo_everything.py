"""Anybody who's sale is taken back stands where somebody stands who never had it."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.models import Customer
from loyalty.undoing.void_session import void_session
from tests.factories.people import as_staff
from tests.factories.undoing import NEVER, WITH, levels, nearly, programs, sale, sold, stands

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(12))
def test_as_if_it_had_not_happened(seed: int, move_clock: Callable[[timedelta], None]) -> None:
    dice = random.Random(seed)  # noqa: S311  a repeatable scenario, no secret
    levels()
    running = programs()
    Customer.objects.update(birth_month=12, birth_day=24)
    at, count = timedelta(0), dice.randint(3, 12)
    taken_back = dice.randrange(count)
    unwanted = 0
    for number in range(count):
        at += timedelta(days=dice.choice([0, 1, 1, 2, 3, 9, 40]), minutes=dice.randint(1, 300))
        move_clock(at)
        program = dice.choice(running)
        entered = sale(dice, program)
        session = sold(WITH, program, entered)
        if number == taken_back:
            unwanted = session
        else:
            move_clock(at)
            sold(NEVER, program, entered)
    void_session(unwanted, actor=as_staff(Role.MANAGER), reason="a mistake")
    assert nearly(stands(WITH)) == nearly(stands(NEVER))
    assert list(wrong_books()) == []
    assert list(wrong_rebuilds()) == []
