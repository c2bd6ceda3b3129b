"""The ladder changes while people climb it: nobody fails, and nobody stands above the top."""

import pytest

from loyalty.actions.collect import collect
from loyalty.actions.mint import SaleInput, mint
from loyalty.actions.set_levels import set_levels
from loyalty.models import Bonus, Customer, Level, Program
from loyalty.rules.ladder_limits import NewLadder, NewLevel
from loyalty.switches import Gift, Switches
from loyalty.values import Role
from tests import people
from tests.at_once import Work, at_once
from tests.campaigns import books_are_right, published
from tests.people import as_customer, as_staff, place

pytestmark = pytest.mark.usefixtures("own_database")
ROUNDS, PEOPLE = 12, 6
GIFT = Gift(percent=10)
LADDERS = [
    NewLadder(tuple(NewLevel(f"L{n}", n, gift=GIFT) for n in (1, 2, 3, 4, 5))),
    NewLadder(tuple(NewLevel(f"L{n}", n, gift=GIFT) for n in (2, 4))),
    NewLadder(tuple(NewLevel(f"M{n}", n, gift=GIFT) for n in (1, 3, 5))),
]


def test_a_ladder_changes_under_people(django_db_blocker: pytest.FixtureDef[None]) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        owner = as_staff(Role.OWNER)
        program = published(Switches(points=1))
        names = [f"climber{n}@alpha.example" for n in range(PEOPLE)]
        for name in names:
            people.customer(name)
        set_levels(LADDERS[0], actor=owner)
        for number in range(1, ROUNDS + 1):
            wanted = LADDERS[number % len(LADDERS)]
            scans = [_scan(program, name) for name in names]
            at_once([*scans, lambda w=wanted: set_levels(w, actor=owner)])  # type: ignore[misc]
            levels = wanted.levels
            assert list(Level.objects.order_by("threshold").values_list("name", flat=True)) == [
                level.name for level in levels
            ]
            top = max(Customer.objects.values_list("level_rung", flat=True))
            assert top <= max(len(ladder.levels) for ladder in LADDERS)
        assert books_are_right()
        assert Bonus.objects.filter(source="level").exists()


def _scan(program: Program, name: str) -> Work:
    token = mint(SaleInput(program.pk, place().location_id), actor=as_staff(), token_key="k").token
    return lambda: collect(token or "", actor=as_customer(name), ip="192.0.2.1")
