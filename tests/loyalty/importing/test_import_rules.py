"""Imported visits raise what collected ones raise; controls of the counter are off."""

from dataclasses import replace
from pathlib import Path

import pytest

from loyalty.base.errors import InvalidInput, NotAtThisLocation, NotFound, ProgramNotRunning
from loyalty.base.values import OverCap, Role, StampMode
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.books.whole_books import wrong_in_all
from loyalty.db.roundtrip import database_now
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import (
    Bonus,
    Card,
    Customer,
    EarnSession,
    Level,
    Location,
    Program,
    ProgramBudget,
    Settings,
)
from loyalty.programs.budget import Budget
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.publish_program import MenuTier
from loyalty.programs.publish_version import publish_version
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import (
    card_of,
    counting,
    everything,
    importing,
    spend_total,
    stamp_spend,
)
from tests.factories.people import OWNER, as_staff
from tests.factories.undoing import WITH, sold

pytestmark = pytest.mark.django_db


def lines(*rows: str) -> str:
    return "\n".join(["email,date,amount", *rows])


def sources() -> list[tuple[str, str]]:
    """Whose bonus of which source, in the order in which they were raised."""
    found = Bonus.objects.order_by("earned_at", "id").values_list("card__customer__email", "source")
    return [(str(email)[0], source) for email, source in found]


def test_several_visits_on_a_day_count_and_a_streak_grows_once(tmp_path: Path) -> None:
    program = stamp_spend(switches=Switches(streak=StreakRule(7, 2)))
    text = lines(
        "a@x.example,2024-01-08,5",
        "a@x.example,2024-01-01,5",
        "a@x.example,2024-01-08,5",
        "a@x.example,2024-01-14,5",
        "a@x.example,2024-01-28,5",
    )
    report = importing(tmp_path, text, program)
    assert (report.visits, report.same_day) == (5, 1)
    assert sources() == [("a", "streak")]
    card = Card.objects.get(program=program)
    assert (card.visits, card.streak_days) == (5, 1)
    # An older line of a later file counts, and does not move the streak.
    importing(tmp_path, lines("a@x.example,2024-01-20,5"), program)
    assert Card.objects.get(program=program).streak_days == 1
    assert card_of("a@x.example", program)[:2] == (6, 6)


def test_a_person_is_welcomed_once_at_the_earliest_visit(tmp_path: Path) -> None:
    program = stamp_spend(switches=Switches(welcome=Reward(percent=10)))
    text = lines(
        "a.b@gmail.com,2024-01-02,5",
        "zab@gmail.com,2024-01-02,5",
        "ab+work@googlemail.com,2024-01-01,5",
    )
    report = importing(tmp_path, text, program)
    welcomed = Bonus.objects.values_list("card__customer__email", flat=True)
    assert set(welcomed) == {"ab+work@googlemail.com", "zab@gmail.com"}
    assert report.bonuses == {"welcome": 2}
    assert len({each.person for each in Customer.objects.filter(mailbox="ab@gmail.com")}) == 1
    other = spend_total(switches=Switches(welcome=Reward(percent=10)))
    assert importing(tmp_path, text, other).bonuses == {}


def test_birthdays_of_known_customers(tmp_path: Path) -> None:
    rule = BirthdayRule(min_past_bonuses=0, gift=Reward(text="Cake"))
    program = stamp_spend(switches=Switches(birthday=rule))
    ann = Customer.objects.filter(email="ann@alpha.example")
    ann.update(birth_month=2, birth_day=29)
    text = lines(
        "ann@alpha.example,2023-02-21,5",
        "ann@alpha.example,2023-03-07,5",
        "ann@alpha.example,2023-03-08,5",
        "ann@alpha.example,2024-02-29,5",
    )
    assert importing(tmp_path, text, program).bonuses == {"birthday": 2}
    occasions = Bonus.objects.order_by("id").values_list("occasion", flat=True)
    assert list(occasions) == [f"birthday:{program.pk}:{year}" for year in (2023, 2024)]


def test_levels_rise_in_their_time(tmp_path: Path) -> None:
    Level.objects.create(name="Silver", threshold=2, percent=200, gift={"text": "A cup"})
    Level.objects.create(name="Gold", threshold=5)
    Settings.objects.update(level_period_days=30, level_grace_days=5)
    program = stamp_spend(switches=Switches(points=1))
    days = ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-06-01")
    text = lines(*(f"a@x.example,{day},5" for day in days))
    assert importing(tmp_path, text, program).bonuses == {"level": 1}
    card, customer = Card.objects.get(), Customer.objects.get(email="a@x.example")
    assert card.points == 1 + 1 + 2 + 2 + 1
    assert customer.level_rung == 0
    # A second file goes on from where the first ended.
    importing(tmp_path, lines("a@x.example,2024-06-02,5", "a@x.example,2024-06-03,5"), program)
    assert Card.objects.get().points == 7 + 1 + 2
    assert Customer.objects.get(email="a@x.example").level_rung == 1


def test_a_card_gets_the_points_that_it_promised(tmp_path: Path) -> None:
    """A newer version gives more points and is worse: the card keeps its own until it is full."""
    gold = NewLevelTable((NewLevel("Gold", 20, gift=Reward(percent=50)),))
    set_levels(gold, actor=as_staff(Role.OWNER))
    program = stamp_spend(switches=Switches(points=5))
    first = sold(WITH, program, {"amount": 500})
    assert program.current is not None
    worse = replace(stored_mechanic(program.current), threshold=20)
    publish_version(program.pk, worse, switches=Switches(points=20), actor=OWNER)
    sold(WITH, program, {"amount": 500})
    day = database_now().date()
    assert importing(tmp_path, lines(f"{WITH},{day},5"), program).bonuses == {}
    imported = EarnSession.objects.get(staff=None)
    assert (imported.points, imported.points_given, imported.policy["points"]) == (5, 5, 20)
    assert (Card.objects.get().points, Customer.objects.get(email=WITH).level_rung) == (15, 0)
    assert [*wrong_books(), *wrong_rebuilds()] == []
    importing(tmp_path, lines(f"{WITH},{day},5", f"{WITH},{day},6"), program)
    assert Customer.objects.get(email=WITH).level_rung == 1
    void_session(first, actor=as_staff(Role.MANAGER), reason="a mistake")
    assert Card.objects.get().points == 15
    assert [*wrong_books(), *wrong_rebuilds()] == []


def test_units_and_bonuses_expire_by_their_rules(tmp_path: Path) -> None:
    program = stamp_spend(switches=Switches(units_expire_after=2, bonus_valid_days=30))
    text = lines("a@x.example,2024-01-01,60", "a@x.example,2024-06-01,5")
    report = importing(tmp_path, text, program)
    kinds = Card.objects.get().entries.order_by("card_version", "line")
    assert list(kinds.values_list("kind", "units")) == [
        ("earn", 12),
        ("complete", -10),
        ("expire", -2),
        ("earn", 1),
    ]
    assert (report.bonuses, report.over) == ({"card": 1}, 1)
    assert list(wrong_books()) == []


def test_caps_cooldowns_and_budgets_are_for_the_counter(tmp_path: Path) -> None:
    program = stamp_spend(
        max_units_per_scan=2, over_cap=OverCap.REFUSE, switches=Switches(daily_cap=1)
    )
    ProgramBudget.objects.create(program=program, most_bonuses=1)
    row = "owner@alpha.example,2024-01-01,60"
    report = importing(tmp_path, lines(row, row, row), program)
    assert (report.units, report.cards) == (36, 3)
    budget = ProgramBudget.objects.get()
    assert Budget(budget.bonuses, budget.worth, budget.most_bonuses, None) == Budget(0, 0, 1, None)


def test_a_card_keeps_its_kinder_promise_until_it_is_full(tmp_path: Path) -> None:
    program = stamp_spend(500)
    importing(tmp_path, lines("a@x.example,2024-01-01,25"), program)
    current = Program.objects.get(pk=program.pk).current
    assert current
    publish_version(program.pk, replace(stored_mechanic(current), step=1_000), actor=OWNER)
    text = lines("a@x.example,2024-01-02,25", "a@x.example,2024-01-03,25")
    report = importing(tmp_path, text, program)
    # Five by the old step fill the card; the next visit is counted by the new one.
    assert (report.units, report.cards) == (5 + 2, 1)
    assert card_of("a@x.example", program) == (3, 2, 1)


def test_a_kinder_promise_fills_a_hundred_cards_with_one_line(tmp_path: Path) -> None:
    program = stamp_spend(500, threshold=5)
    sold(WITH, program, {"amount": 500})
    current = Program.objects.get(pk=program.pk).current
    assert current
    publish_version(program.pk, replace(stored_mechanic(current), step=5_000), actor=OWNER)
    report = importing(tmp_path, lines(f"{WITH},2024-01-02,25000"), program)
    # By the old step 5,000 stamps, by the new one 500; with the stamp of before one card more.
    assert (report.units, report.cards) == (504, 101)
    assert card_of(WITH, program) == (2, 0, 101)
    assert wrong_in_all() == []


def test_programs_that_count_visits_and_pieces(tmp_path: Path) -> None:
    visits = counting()
    text = "email,date\na@x.example,2024-01-01\na@x.example,2024-01-01\n"
    importing(tmp_path, text, visits)
    assert card_of("a@x.example", visits) == (2, 2, 0)
    pieces = counting(StampMode.PER_CART_QTY)
    importing(tmp_path, "email,date,units\na@x.example,2024-01-01,25\n", pieces)
    assert card_of("a@x.example", pieces) == (1, 5, 2)
    minimum = counting(minimum=500)
    text = lines("a@x.example,2024-01-01,4.99", "a@x.example,2024-01-01,5")
    report = importing(tmp_path, text, minimum)
    assert card_of("a@x.example", minimum) == (2, 1, 0)
    assert (report.zero_amounts, report.without_units) == (0, 1)


@pytest.mark.parametrize(
    ("currency", "amount", "minor"), [("JPY", "500", 500), ("KWD", "1.250", 1250)]
)
def test_other_currencies(tmp_path: Path, currency: str, amount: str, minor: int) -> None:
    program = spend_total(currency=currency)
    assert importing(tmp_path, lines(f"a@x.example,2024-01-01,{amount}"), program).spend == minor


def test_what_cannot_be_imported_into(tmp_path: Path) -> None:
    text = lines("a@x.example,2024-01-01,5")
    menu = counting(menu=(MenuTier("S", ("Espresso",)),))
    program = stamp_spend()
    elsewhere = Location.objects.create(name="Elsewhere", time_zone="Asia/Tokyo")
    before = everything()
    with pytest.raises(InvalidInput) as refused:
        importing(tmp_path, text, menu, location=str(elsewhere.pk))
    assert refused.value.details == {"field": "program", "reason": "matched"}
    with pytest.raises(InvalidInput) as refused:
        importing(tmp_path, text, program)
    names = ", ".join(f"{each.name} ({each.pk})" for each in Location.objects.order_by("pk"))
    assert refused.value.details == {"field": "location", "reason": "several", "what": names}
    with pytest.raises(NotFound):
        importing(tmp_path, text, program, location="987654")
    assert importing(tmp_path, text, program, location="Elsewhere").visits == 1
    program.locations.set([Location.objects.exclude(pk=elsewhere.pk).get()])
    with pytest.raises(NotAtThisLocation):
        importing(tmp_path, text, program, location=str(elsewhere.pk))
    assert before["Card"] == []
    Program.objects.filter(pk=program.pk).update(status="archived")
    with pytest.raises(ProgramNotRunning):
        importing(tmp_path, text, program)
    assert len(everything()["EarnSession"]) == 1
