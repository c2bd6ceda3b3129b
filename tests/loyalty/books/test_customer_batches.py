"""All customers come once, in batches that their visits keep small; a batch has each one's past."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty.base.values import Role
from loyalty.books.customer_batches import customer_batches
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.history.level_tables import past_level_tables
from loyalty.history.past import past_in, past_of
from loyalty.history.rows import past_rows
from loyalty.models import Card, Customer, EarnSession
from loyalty.switches import Reward, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import importing, stamp_spend
from tests.factories.people import as_staff, customer
from tests.factories.undoing import EVERYTHING, levels, sold

pytestmark = pytest.mark.django_db
# Three of them are one person.
NAMES = [
    "zoe@x.example",
    "a.b@gmail.com",
    "ab+work@gmail.com",
    "ab+home@gmail.com",
    "bea@x.example",
]


def visit_result(folder: Path, names: list[str], *, times: int = 3) -> None:
    """So many visits of each at two programs, and one of the first two that is taken back."""
    welcoming = Switches(welcome=Reward(text="Hi"))
    programs = [stamp_spend(switches=EVERYTHING), stamp_spend(switches=welcoming)]
    for number, program in enumerate(programs):
        days = range(1, times + 1)
        rows = (f"{name},2026-01-{day + number:02},{day * 20}" for name in names for day in days)
        importing(folder, "\n".join(["email,date,amount", *rows]), program)
    for name in names[:2]:
        customer(name)
        session = sold(name, programs[0], {"amount": 6_000})
        void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")


@pytest.fixture(autouse=True)
def with_levels() -> None:
    levels()


def sizes(most: int, most_visits: int) -> list[list[int]]:
    """The visits of each customer, batch by batch."""
    visits = {
        each.pk: sum(each.card_set.values_list("visits", flat=True))
        for each in Customer.objects.all()
    }
    found = list(customer_batches(most=most, most_visits=most_visits))
    assert [each.pk for batch in found for each in batch] == sorted(visits)
    return [[visits[each.pk] for each in batch] for batch in found]


def test_each_past_in_a_batch_is_the_one_that_the_customer_has_alone(tmp_path: Path) -> None:
    visit_result(tmp_path, NAMES)
    everybody = list(Customer.objects.order_by("-pk"))
    rows, level_tables = past_rows(everybody), past_level_tables()
    assert list(rows) == [each.pk for each in everybody]
    for each in everybody:
        assert past_in(rows[each.pk], level_tables) == past_of(each)
    several = [past_of(each) for each in everybody if each.email in NAMES[1:4]]
    # The welcome that one of their addresses had, and who had come before.
    assert [bool(each.known.taken) for each in several].count(True) == 2
    assert {getattr(step, "is_known", None) for each in several for step in each.steps} >= {
        True,
        False,
    }


def test_batches_are_small_in_people_and_in_visits(tmp_path: Path) -> None:
    visit_result(tmp_path, NAMES)
    people = Customer.objects.count()
    assert {len(each) for each in sizes(2, 1_000)[:-1]} == {2}
    assert len(sizes(500, 1_000)) == 1
    # Anybody who has more alone is not left out, nor are those without a card.
    assert {len(each) for each in sizes(500, 1)} <= {1, *range(1, people)}
    assert all(len([visits for visits in each if visits]) <= 1 for each in sizes(500, 7))


def test_what_is_wrong_is_found_in_every_batch(tmp_path: Path) -> None:
    visit_result(tmp_path, NAMES)
    assert list(wrong_rebuilds()) == []
    Card.objects.filter(customer__email__in=(NAMES[0], NAMES[-1])).update(visits=99)
    cards = set(Card.objects.filter(visits=99).values_list("pk", flat=True))
    for most in (1, 2, 500):
        found = list(wrong_rebuilds(most=most))
        assert {each.number for each in found} == cards
        assert {each.what for each in found} == {"a card's visits differ from its sales"}


def test_many_customers_are_asked_for_as_one_is(tmp_path: Path) -> None:
    """Neither the number of customers nor that of their visits adds a query to a batch."""
    visit_result(tmp_path, NAMES)
    before = EarnSession.objects.count()
    with CaptureQueriesContext(connection) as few:
        assert list(wrong_rebuilds()) == []
    visit_result(tmp_path, [f"{number}@x.example" for number in range(40)], times=5)
    assert EarnSession.objects.count() > 5 * before
    with CaptureQueriesContext(connection) as many:
        assert list(wrong_rebuilds()) == []
    assert len(many) == len(few)


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    visit_result(tmp_path, NAMES)
    people, told = Customer.objects.count(), list[tuple[int, int]]()
    assert list(wrong_rebuilds(lambda done, total: told.append((done, total)), most=2)) == []
    steps = [*range(0, people, 2), people]
    assert told == [(done, people) for done in steps]
