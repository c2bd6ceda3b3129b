"""The ladder changes while people climb it: nobody fails, and nobody stands above the top."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection

from loyalty.base.errors import VersionConflict
from loyalty.base.values import Role, StaffActor
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.owners_levels import owners_levels
from loyalty.levels.reading import LevelTableReading, version_of
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, Customer, EarnSession, Event, Level, Program
from loyalty.switches import Reward, Switches
from tenants import context
from tests.factories import people
from tests.factories.campaigns import books_are_right, published
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.harness import databases
from tests.harness.at_once import Work, at_once
from tests.harness.threads import closing

pytestmark = pytest.mark.usefixtures("own_database")
ROUNDS, PEOPLE = 12, 6
NAME = "racer@alpha.example"
GIFT = Reward(percent=10)
LADDERS = [
    NewLevelTable(tuple(NewLevel(f"L{n}", n, gift=GIFT) for n in (1, 2, 3, 4, 5))),
    NewLevelTable(tuple(NewLevel(f"L{n}", n, gift=GIFT) for n in (2, 4))),
    NewLevelTable(tuple(NewLevel(f"M{n}", n, gift=GIFT) for n in (1, 3, 5))),
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
            assert top <= max(len(owners_levels.levels) for owners_levels in LADDERS)
        assert books_are_right()
        assert Bonus.objects.filter(source="level").exists()


def test_of_ten_that_read_the_same_ladder_one_replaces_it(
    django_db_blocker: pytest.FixtureDef[None],
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        manager, answers = as_staff(Role.MANAGER), []
        set_levels(_silver(100), actor=manager)
        read = LevelTableReading(version_of(owners_levels(actor=OWNER)))

        def replace(number: int) -> None:
            try:
                set_levels(_silver(200 + number), actor=manager, reading=read)
                answers.append("kept")
            except VersionConflict:
                answers.append("refused")

        at_once([partial(replace, number) for number in range(10)])
        assert sorted(answers) == ["kept"] + ["refused"] * 9
        assert Event.objects.filter(kind="levels_set").count() == 2


def test_a_sale_counts_by_the_ladder_that_it_saw(own_database: str, django_db_blocker: Any) -> None:
    """The owner's change has its time, and waits; a collect that began later is there first."""
    with django_db_blocker.unblock():
        owner, program = as_staff(Role.OWNER), published(Switches(points=10))
        people.customer(NAME)
        set_levels(_silver(200), actor=owner)
        _scan(program, NAME)()
        with psycopg.connect(databases.url(own_database)) as held, ThreadPoolExecutor() as pool:
            held.execute("SET search_path TO alpha")
            held.execute("SELECT * FROM loyalty_level FOR UPDATE")
            change = pool.submit(closing, lambda: _change(_silver(300), owner))
            _until_somebody_waits()
            _scan(program, NAME)()
            held.rollback()
            change.result(20)
        _scan(program, NAME)()
        sales = EarnSession.objects.order_by("collected_at")
        assert list(sales.values_list("points_given", flat=True)) == [10, 20, 30]
        kinds = Event.objects.filter(kind__in=["collected", "levels_set"]).order_by("id")
        assert [each.kind for each in kinds][-3:] == ["levels_set", "collected", "collected"]
        assert [*wrong_books(), *wrong_rebuilds()] == []


def test_scans_beside_changes_are_proved(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        owner, program = as_staff(Role.OWNER), published(Switches(points=10))
        names = [f"climber{n}@alpha.example" for n in range(PEOPLE)]
        for name in names:
            people.customer(name)
        for number in range(5):
            scans = [_scan(program, name) for name in names]
            at_once([*scans, lambda n=number: set_levels(_silver(200 + n), actor=owner)])  # type: ignore[misc]
        assert [*wrong_books(), *wrong_rebuilds()] == []


def _silver(percent: int) -> NewLevelTable:
    return NewLevelTable((NewLevel("Silver", 5, percent=percent),))


def _change(wanted: NewLevelTable, owner: StaffActor) -> None:
    with context.business(people.ALPHA):
        set_levels(wanted, actor=owner)


def _until_somebody_waits() -> None:
    waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"
    ends_at = time.monotonic() + 10
    while time.monotonic() < ends_at:
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone() == (True,):
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waits.")


def _scan(program: Program, name: str) -> Work:
    token = mint(SaleInput(program.pk, place().location_id), actor=as_staff(), token_key="k").token
    return lambda: collect(token or "", actor=as_customer(name), ip="192.0.2.1")
