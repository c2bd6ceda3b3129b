"""Presents that were used, lost their sale, and meet further undos, refunds and addresses."""

import pytest

from loyalty.base.values import Role
from loyalty.books.whole_books import wrong_in_all
from loyalty.db.roundtrip import database_now
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, Customer
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.switches import BirthdayRule, Reward, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import stamp_spend
from tests.factories.people import as_customer, as_staff, customer
from tests.factories.undoing import WITH, refund, sold, used

pytestmark = pytest.mark.django_db
OTHER = "ann+b@alpha.example"
FIVE = {"amount": 500}
SWITCHES = {
    "welcome": Switches(welcome=Reward(text="Hi")),
    "birthday": Switches(birthday=BirthdayRule(days_before=5, days_after=5, min_past_bonuses=0)),
    "level": Switches(points=5),
}
OF_OCCASIONS = pytest.mark.parametrize("source", SWITCHES)


@pytest.fixture(autouse=True)
def levels() -> None:
    silver = NewLevel("Silver", 4, gift=Reward(percent=10))
    set_levels(NewLevelTable((silver,)), actor=as_staff(Role.OWNER))


@pytest.fixture
def two_addresses() -> None:
    customer(OTHER)
    today = database_now()
    for email in (WITH, OTHER):
        set_birthday(DayOfYear(today.month, today.day), actor=as_customer(email))


def void(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")


def waiting(source: str) -> int:
    assert wrong_in_all() == []
    return Bonus.objects.filter(source=source, status="waiting").count()


@pytest.mark.parametrize("refunded", ["never", "before", "after"])
def test_a_later_undo_does_not_give_a_used_one_again(refunded: str) -> None:
    greets, plain = stamp_spend(switches=SWITCHES["welcome"]), stamp_spend()
    first, redemption = sold(WITH, greets, FIVE), used("welcome")
    second = sold(WITH, plain, FIVE)
    sold(WITH, greets, FIVE)
    void(first)
    if refunded == "before":
        refund(redemption)
    # Without this one, the third sale is the first of all.
    void(second)
    assert waiting("welcome") == (1 if refunded == "before" else 0)
    if refunded == "after":
        refund(redemption)
        assert waiting("welcome") == 1
    assert Bonus.objects.filter(source="welcome").exclude(status="void").count() == 1


@OF_OCCASIONS
@pytest.mark.usefixtures("two_addresses")
def test_what_a_sale_of_another_address_earns_waits_there(source: str) -> None:
    program = stamp_spend(switches=SWITCHES[source])
    first, redemption = sold(WITH, program, FIVE), used(source)
    sold(OTHER, program, FIVE)
    void(first)
    refund(redemption)
    assert waiting(source) == 1
    assert Bonus.objects.get(status="waiting").card.customer == Customer.objects.get(email=OTHER)


@OF_OCCASIONS
@pytest.mark.usefixtures("two_addresses")
def test_an_undo_at_one_address_leaves_the_books_of_the_other_right(source: str) -> None:
    program = stamp_spend(switches=SWITCHES[source])
    first = sold(WITH, program, FIVE)
    sold(OTHER, program, FIVE)
    void(first)
    # As if the other address's sale had been the first.
    assert waiting(source) == 1
    sold(OTHER, program, FIVE)
    assert waiting(source) == 1


def test_a_bonus_that_a_sale_on_another_card_raises_is_the_person_s_too() -> None:
    Customer.objects.update(person=None)
    here, there = (stamp_spend(switches=SWITCHES["level"]) for _ in range(2))
    first = sold(WITH, here, FIVE)
    sold(WITH, there, FIVE)
    void(first)
    gift = Bonus.objects.exclude(status="void").get(source="level")
    assert (gift.card.program, gift.person) == (there, Customer.objects.get(email=WITH).pk)
