"""A birthday is told once; changing it takes a while, and cannot be farmed."""

from datetime import timedelta

import pytest

from graphql_api.ids import global_id
from loyalty.base.calendar import day_of
from loyalty.base.errors import InvalidInput, NotFound, RateLimited
from loyalty.base.values import CustomerActor, Role
from loyalty.counting.birthday import COUNTS_AFTER
from loyalty.models import Bonus, Customer
from loyalty.people.enrol_customer import enrol_customer
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.switches import BirthdayRule, Switches
from tenants import context
from tests.factories import people
from tests.factories.campaigns import DAY, Move, now, published, visit
from tests.factories.people import as_customer
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
SET = """mutation($input: SetBirthdayInput!) { setBirthday(input: $input) { __typename
  ... on Customer { id email nickname birthday { month day countsFrom } }
  ... on Refusal { code message retryAt details { name value } } } }"""


def ann() -> CustomerActor:
    return as_customer("ann@alpha.example")


def ann_at(tag: str) -> CustomerActor:
    email = f"ann{tag}@alpha.example"
    enrol_customer(email, language="en", now=now())
    return as_customer(email)


def everything() -> list[object]:
    return list(Customer.objects.order_by("pk").values())


def today() -> DayOfYear:
    day = day_of(now(), "Europe/Berlin")
    return DayOfYear(day.month, day.day)


def test_the_first_one_counts_at_once() -> None:
    program = published(Switches(birthday=BirthdayRule(min_past_bonuses=0)))
    found = set_birthday(today(), actor=ann())
    assert found.birthday is not None
    assert found.birthday.counts_from is None
    outcome = visit(program)
    assert [each.source for each in outcome.bonuses] == ["birthday"]


def test_the_same_again_changes_nothing(move_clock: Move) -> None:
    first = set_birthday(DayOfYear(2, 29), actor=ann())
    move_clock(DAY)
    before = everything()
    assert set_birthday(DayOfYear(2, 29), actor=ann()) == first
    assert everything() == before


def test_another_one_counts_thirty_days_later(move_clock: Move) -> None:
    program = published(Switches(birthday=BirthdayRule(min_past_bonuses=0, days_after=30)))
    set_birthday(DayOfYear(1, 1) if today().month > 3 else DayOfYear(8, 1), actor=ann())
    found = set_birthday(today(), actor=ann())
    assert found.birthday is not None
    assert found.birthday.counts_from is not None
    assert abs(found.birthday.counts_from - now() - 30 * DAY) < timedelta(minutes=1)
    move_clock(29 * DAY)
    assert visit(program).bonuses == ()
    move_clock(30 * DAY + timedelta(minutes=1))
    assert len(visit(program).bonuses) == 1
    assert Bonus.objects.count() == 1


def test_once_a_year(move_clock: Move) -> None:
    for day in (1, 2):
        set_birthday(DayOfYear(5, day), actor=ann())
    move_clock(364 * DAY)
    before = everything()
    with pytest.raises(RateLimited) as refused:
        set_birthday(DayOfYear(5, 3), actor=ann())
    assert everything() == before
    assert refused.value.retry_at is not None
    move_clock(367 * DAY)
    again = set_birthday(DayOfYear(5, 3), actor=ann()).birthday
    assert again is not None
    assert (again.month, again.day) == (5, 3)


def test_a_removal_always_works_and_the_next_one_is_a_change(move_clock: Move) -> None:
    set_birthday(DayOfYear(5, 1), actor=ann())
    assert set_birthday(None, actor=ann()).birthday is None
    row = Customer.objects.get(pk=ann().id)
    assert (row.birth_month, row.birth_day, row.birthday_counts_from) == (None, None, None)
    back = set_birthday(DayOfYear(5, 1), actor=ann()).birthday
    assert back is not None
    assert back.counts_from is not None
    # Right after a change too.
    assert set_birthday(None, actor=ann()).birthday is None
    move_clock(DAY)
    before = everything()
    with pytest.raises(RateLimited):
        set_birthday(DayOfYear(5, 1), actor=ann())
    assert everything() == before


@pytest.mark.parametrize("wanted", [(2, 30), (0, 1), (13, 1), (4, 31), (1, 0), (-1, 1)])
def test_days_that_no_year_has(wanted: tuple[int, int]) -> None:
    before = everything()
    with pytest.raises(InvalidInput):
        set_birthday(DayOfYear(*wanted), actor=ann())
    assert everything() == before


def test_who_is_not_there() -> None:
    with pytest.raises(NotFound):
        set_birthday(DayOfYear(1, 1), actor=CustomerActor(1))


def test_over_the_api() -> None:
    token = people.customer("ann@alpha.example").token
    found = told(SET, token=token, input={"month": 2, "day": 29}).data
    assert found == {
        "__typename": "Customer",
        "id": global_id("Customer", ann().id),
        "email": "ann@alpha.example",
        "nickname": None,
        "birthday": {"month": 2, "day": 29, "countsFrom": None},
    }
    before = everything()
    for wrong, field in (
        ({"month": 2}, "day"),
        ({"day": 1}, "month"),
        ({"month": 2, "day": 30}, "day"),
        ({"month": 13, "day": 1}, "month"),
    ):
        found = told(SET, token=token, input=wrong).data
        assert found["code"] == "INVALID_INPUT"
        assert field in found["message"]
    assert everything() == before
    changed = told(SET, token=token, input={"month": 3, "day": 1}).data
    assert changed["birthday"]["countsFrom"] is not None
    refused = told(SET, token=token, input={"month": 4, "day": 1}).data
    assert refused["code"] == "RATE_LIMITED"
    assert refused["retryAt"] is not None
    assert told(SET, token=token, input={}).data["birthday"] is None


def test_nobody_else_may() -> None:
    before = everything()
    wanted = {"month": 1, "day": 1}
    assert told(SET, token=None, input=wanted).codes == {"UNAUTHENTICATED"}
    for role in Role:
        assert told(SET, token=people.staff(role).token, input=wanted).codes == {"FORBIDDEN"}
    with context.business("beta"):
        other = people.customer("ann@beta.example").token
    assert told(SET, token=other, input=wanted).codes == {"UNAUTHENTICATED"}
    assert everything() == before


def test_another_day_at_another_address_of_the_person_is_a_change(move_clock: Move) -> None:
    program = published(Switches(birthday=BirthdayRule(min_past_bonuses=0, days_after=30)))
    set_birthday(DayOfYear(1, 1) if today().month > 3 else DayOfYear(8, 1), actor=ann())
    visit(program)
    began = now()
    found = set_birthday(today(), actor=ann_at("+b"))
    assert found.birthday is not None
    assert found.birthday.counts_from is not None
    assert began <= found.birthday.counts_from - COUNTS_AFTER <= now()
    outcome = visit(program, "ann+b")
    assert [each.source for each in outcome.bonuses] == []
    before = everything()
    for which in (ann(), ann_at("+b")):
        with pytest.raises(RateLimited):
            set_birthday(DayOfYear(5, 5), actor=which)
    assert everything() == before
    move_clock(366 * DAY)
    assert set_birthday(DayOfYear(5, 5), actor=ann()).birthday is not None


def test_the_same_day_at_another_address_of_the_person_counts_as_it_does_there() -> None:
    set_birthday(today(), actor=ann())
    found = set_birthday(today(), actor=ann_at("+b"))
    assert found.birthday is not None
    assert found.birthday.counts_from is None
    changed = set_birthday(DayOfYear(5, 5) if today().month > 6 else DayOfYear(11, 5), actor=ann())
    assert changed.birthday is not None
    assert changed.birthday.counts_from is not None
    again = set_birthday(
        DayOfYear(changed.birthday.month, changed.birthday.day), actor=ann_at("+b")
    )
    assert again.birthday is not None
    assert again.birthday.counts_from == changed.birthday.counts_from
