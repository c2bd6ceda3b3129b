"""What a person gets once belongs to the sale that earns it, at whichever of their addresses."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from loyalty.base.values import Role
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.books.whole_books import wrong_in_all
from loyalty.db.roundtrip import database_now
from loyalty.explaining.card_lines import card_lines, shown_events
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, Card, Program, ProgramBudget
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.switches import BirthdayRule, Reward, Switches
from loyalty.undoing.void_session import void_session
from loyalty.wording.card_text import card_text
from tests.factories.history import stamp_spend
from tests.factories.orders import Deed, Life, back, ends, give, sell_to, undo
from tests.factories.people import as_customer, as_staff, customer
from tests.factories.undoing import WITH, refund, sold, used

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OTHER, THIRD = "ann+b@alpha.example", "ann+c@alpha.example"
FIVE = {"amount": 500}
BIRTHDAY = BirthdayRule(days_before=5, days_after=5, min_past_bonuses=0)
SWITCHES = {
    "welcome": Switches(welcome=Reward(text="Hi")),
    "birthday": Switches(birthday=BIRTHDAY),
    "level": Switches(points=5),
}
OF_OCCASIONS = pytest.mark.parametrize("source", SWITCHES)
Standing = list[tuple[str, str, str]]


@pytest.fixture(autouse=True)
def one_person() -> None:
    silver = NewLevel("Silver", 4, gift=Reward(percent=10))
    set_levels(NewLevelTable((silver,)), actor=as_staff(Role.OWNER))
    today = database_now()
    for email in (WITH, OTHER, THIRD):
        customer(email)
        set_birthday(DayOfYear(today.month, today.day), actor=as_customer(email))


@pytest.fixture
def life() -> Life:
    begun = Life(database_now())
    begun.clock(begun.now)
    return begun


def stands() -> Standing:
    """What the person has, and at which address."""
    assert wrong_in_all() == []
    there = Bonus.objects.exclude(status="void")
    return sorted(there.values_list("card__customer__email", "source", "status"))


def sale(life: Life, number: int, program: Program, email: str) -> Deed:
    return sell_to(email, number, program, FIVE, at=life.now + number * HOUR)


def all_ends(begun: Sequence[Deed], deeds: Sequence[Deed], life: Life) -> tuple[int, Standing]:
    """Do what has begun, then the deeds in every order; how many, and the one end of all."""
    for deed in begun:
        assert deed.do(life), deed.name
    done = {deed.name for deed in begun}
    left = [Deed(d.name, d.do, tuple(n for n in d.after if n not in done)) for d in deeds]
    found = list(ends(left, life, stands))
    for order, end in found:
        assert end == found[0][1], (order, found[0][0])
    return len(found), found[0][1]


@OF_OCCASIONS
def test_without_any_sale_nothing_waits(source: str, life: Life) -> None:
    program = stamp_spend(switches=SWITCHES[source])
    begun = [sale(life, 1, program, WITH), give("it", source=source)]
    deeds = [sale(life, 2, program, OTHER), undo(1), undo(2), back("it")]
    assert all_ends(begun, deeds, life) == (12, [])


@OF_OCCASIONS
def test_a_sale_that_is_left_has_it(source: str, life: Life) -> None:
    program = stamp_spend(switches=SWITCHES[source])
    begun = [sale(life, 1, program, WITH), give("it", source=source)]
    deeds = [sale(life, 2, program, OTHER), undo(1), back("it")]
    assert all_ends(begun, deeds, life) == (6, [(OTHER, source, "waiting")])


@OF_OCCASIONS
def test_of_three_addresses_the_one_that_is_left_has_it(source: str, life: Life) -> None:
    program = stamp_spend(switches=SWITCHES[source])
    begun = [sale(life, 1, program, WITH), give("it", source=source)]
    deeds = [
        sale(life, 2, program, OTHER),
        sale(life, 3, program, THIRD),
        undo(1),
        undo(2),
        back("it"),
    ]
    count, end = all_ends(begun, deeds, life)
    assert (count, end) == (60, [(THIRD, source, "waiting")])


@OF_OCCASIONS
def test_the_earliest_sale_that_is_left_has_it(source: str) -> None:
    program = stamp_spend(switches=SWITCHES[source])
    first = sold(WITH, program, FIVE)
    for email in (THIRD, OTHER):
        sold(email, program, FIVE)
    void(first)
    assert stands() == [(THIRD, source, "waiting")]


def test_a_sale_that_does_not_earn_it_has_none(life: Life) -> None:
    greets, plain = stamp_spend(switches=SWITCHES["welcome"]), stamp_spend()
    begun = [sale(life, 1, greets, WITH), give("it", source="welcome")]
    deeds = [sale(life, 2, plain, OTHER), undo(1), back("it")]
    assert all_ends(begun, deeds, life) == (6, [])


def test_without_the_first_sale_another_address_is_new(life: Life) -> None:
    greets, plain = stamp_spend(switches=SWITCHES["welcome"]), stamp_spend()
    deeds = [sale(life, 2, greets, OTHER), undo(1)]
    begun = [sale(life, 1, plain, WITH)]
    assert all_ends(begun, deeds, life) == (2, [(OTHER, "welcome", "waiting")])


def test_both_cards_say_what_became_of_it() -> None:
    program = stamp_spend(switches=SWITCHES["welcome"])
    first, redemption = sold(WITH, program, FIVE), used("welcome")
    second = sold(OTHER, program, FIVE)
    void(first)
    refund(redemption)
    assert told(WITH)[0].endswith("What it was given for was taken back: it can no longer be used.")
    assert told(OTHER)[0].endswith("A bonus came instead: Hi.")
    void(second)
    assert "A bonus was taken away: Hi." in told(OTHER)[0]


@pytest.mark.parametrize("limit", ["most_bonuses", "most_worth"])
def test_a_budget_that_is_spent_keeps_no_sale_from_being_taken_back(limit: str) -> None:
    gift = Switches(welcome=Reward(amount=300))
    one, other = stamp_spend(switches=gift), stamp_spend(switches=gift)
    budget = ProgramBudget.objects.create(program=other, bonuses=1, worth=300)
    first = sold(WITH, one, FIVE)
    sold(OTHER, other, FIVE)
    ProgramBudget.objects.update(**{limit: 1 if limit == "most_bonuses" else 300})
    void(first)
    # It comes all the same, beyond the budget and uncounted.
    assert stands() == [(OTHER, "welcome", "waiting")]
    budget.refresh_from_db()
    assert (budget.bonuses, budget.worth) == (1, 300)


def test_what_comes_to_another_card_takes_from_its_budget() -> None:
    gift = Switches(welcome=Reward(amount=300))
    one, other = stamp_spend(switches=gift), stamp_spend(switches=gift)
    for program in (one, other):
        ProgramBudget.objects.create(program=program, most_bonuses=9, most_worth=900)
    first = sold(WITH, one, FIVE)
    sold(OTHER, other, FIVE)
    void(first)
    paid = ProgramBudget.objects.order_by("program_id").values_list("bonuses", "worth")
    assert list(paid) == [(0, 0), (1, 300)]


@OF_OCCASIONS
def test_the_proof_names_what_waits_without_a_sale(source: str) -> None:
    program = stamp_spend(switches=SWITCHES[source])
    first, _ = sold(WITH, program, FIVE), used(source)
    second = sold(OTHER, program, FIVE)
    void(first)
    void(second)
    assert stands() == [(WITH, source, "used")]
    # As a refund left it before it asked the other addresses.
    Bonus.objects.update(status="waiting")
    card = Card.objects.get(customer__email=WITH)
    found = [(each.what, each.number) for each in wrong_rebuilds()]
    assert found == [(f"a card's bonuses by {source} differ from its sales", card.pk)]


def void(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")


def told(email: str) -> list[str]:
    """The card's history, the newest line first."""
    card = Card.objects.get(customer__email=email)
    lines = card_lines(list(shown_events([card.pk]).order_by("-id")))
    return [card_text(line, now=database_now()) for line in lines]
