"""The books are verified while people collect: it finds nothing wrong, and holds nobody up."""

import pytest

from loyalty.base.values import Role
from loyalty.books.books import BookFault
from loyalty.books.whole_books import wrong_in_all
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import EarnSession
from loyalty.switches import Switches
from tests.factories import people
from tests.factories.campaigns import published
from tests.factories.people import as_customer, as_staff, place
from tests.harness.at_once import at_once

pytestmark = pytest.mark.usefixtures("own_database")
SALES, PEOPLE = 80, 4


def test_books_are_right_while_people_collect(
    django_db_blocker: pytest.FixtureDef[None],
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        wanted = SaleInput(published(Switches(points=1)).pk, place().location_id)
        names = [f"buyer{number}@alpha.example" for number in range(PEOPLE)]
        for name in names:
            people.customer(name)
        set_levels(
            NewLevelTable((NewLevel("Silver", 20, percent=200),)), actor=as_staff(Role.OWNER)
        )
        found = list[BookFault]()
        runs = list[int]()
        is_over = list[bool]()

        def sell() -> None:
            try:
                for number in range(SALES):
                    token = mint(wanted, actor=as_staff(), token_key="k").token or ""
                    collect(token, actor=as_customer(names[number % PEOPLE]), ip="192.0.2.1")
            finally:
                is_over.append(True)

        def verify() -> None:
            while not is_over:
                found.extend(wrong_in_all())
                runs.append(len(found))

        at_once([sell, verify])
        assert found == []
        assert len(runs) > 1
        assert wrong_in_all() == []
        assert EarnSession.objects.filter(status="collected").count() == SALES
