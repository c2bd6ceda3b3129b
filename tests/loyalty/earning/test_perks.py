"""Streaks, birthdays, welcomes, points, vouchers and their ends, from the tap to the handshake."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty.cards.reads import card_view
from loyalty.cards.view import CardView
from loyalty.levels.view import StreakView
from loyalty.models import Bonus, Card, Customer, Location
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from tests.factories import people
from tests.factories.people import OWNER
from tests.factories.perks import ANN, BOB, Wanted, shop, sources
from tests.harness.clock import clock_at

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
DAY = timedelta(days=1)
NOON = datetime(2027, 6, 1, 10, tzinfo=UTC)


def born(email: str, month: int, day: int, **more: Any) -> None:
    Customer.objects.filter(email=email).update(birth_month=month, birth_day=day, **more)


def days(card: CardView) -> int:
    """The visits in a row that count."""
    assert card.streak
    return card.streak.days


def test_a_streak_pays_at_each_multiple_and_the_badge_goes_on() -> None:
    here = shop(Switches(streak=StreakRule(window=2, threshold=3)))
    paid, badges = [], []
    for n in range(7):
        clock_at(NOON + n * DAY)
        here.visit()
        clock_at(NOON + n * DAY + timedelta(hours=3))
        again = here.visit()
        badges.append(days(again.card))
        paid.append(Bonus.objects.filter(source="streak").count())
    assert badges == [1, 2, 3, 4, 5, 6, 7]
    assert paid == [0, 0, 1, 1, 1, 2, 2]
    clock_at(NOON + 9 * DAY)
    assert days(here.visit().card) == 1
    assert {bonus.title for bonus in Bonus.objects.all()} == {"Free coffee"}


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        # Two local midnights, with a night of 23 and one of 25 hours between them.
        (
            "Europe/Berlin",
            datetime(2027, 3, 27, 12, tzinfo=UTC),
            datetime(2027, 3, 28, 22, tzinfo=UTC),
        ),
        (
            "Europe/Berlin",
            datetime(2027, 10, 30, 12, tzinfo=UTC),
            datetime(2027, 10, 31, 23, tzinfo=UTC),
        ),
        (
            "America/New_York",
            datetime(2027, 3, 13, 12, tzinfo=UTC),
            datetime(2027, 3, 15, 4, tzinfo=UTC),
        ),
    ],
)
def test_a_streak_s_days_are_the_location_s(zone: str, first: datetime, last: datetime) -> None:
    Location.objects.update(time_zone=zone)
    here = shop(Switches(streak=StreakRule(window=1, threshold=9)))
    clock_at(first)
    here.visit()
    card = here.card()
    assert card.streak_ends_at == last
    clock_at(last - timedelta(seconds=30))
    assert card_view(card.pk, actor=OWNER).streak == StreakView(1, 9, last)
    clock_at(last)
    assert days(card_view(card.pk, actor=OWNER)) == 0
    assert days(here.visit().card) == 1


def test_closed_weekdays_are_left_out_of_a_streak() -> None:
    Location.objects.update(opening_hours={str(day): ["9-17"] for day in (1, 2, 3, 4)})
    rule = StreakRule(window=1, threshold=9, skips_closed_days=True)
    here = shop(Switches(streak=rule))
    friday = datetime(2027, 6, 4, 10, tzinfo=UTC)
    clock_at(friday)
    here.visit()
    clock_at(friday + 4 * DAY)
    assert days(here.visit().card) == 2


BIRTHDAY = Switches(birthday=BirthdayRule(days_before=3, days_after=3, min_past_bonuses=1))


def test_one_birthday_bonus_an_occurrence() -> None:
    here = shop(BIRTHDAY, Wanted(threshold=2))
    born(ANN, 6, 4)
    clock_at(NOON)
    got = [sources(here.visit()) for _ in range(4)]
    # The first bonus of the card opens the way for the birthday's.
    assert got == [[], ["card"], ["birthday"], ["card"]]
    clock_at(NOON.replace(year=2028))
    assert sources(here.visit()) == ["birthday"]
    occasions = Bonus.objects.filter(source="birthday").values_list("occasion", flat=True)
    assert sorted(occasions) == [f"birthday:{here.program.pk}:{year}" for year in (2027, 2028)]


def test_outside_of_the_window_and_without_past_bonuses_there_is_none() -> None:
    here = shop(Switches(birthday=BirthdayRule(3, 3, min_past_bonuses=2)), Wanted(threshold=1))
    born(ANN, 6, 5)
    clock_at(NOON)
    assert [sources(here.visit()) for _ in range(3)] == [["card"]] * 3
    clock_at(NOON + DAY)
    assert sources(here.visit()) == ["card", "birthday"]
    born(BOB, 6, 2)
    assert [sources(here.visit(BOB)) for _ in range(3)] == [
        ["card"],
        ["card"],
        ["card", "birthday"],
    ]


def test_a_changed_birthday_counts_thirty_days_later() -> None:
    here = shop(Switches(birthday=BirthdayRule(30, 30, min_past_bonuses=0)))
    born(ANN, 6, 4, birthday_counts_from=NOON + 30 * DAY)
    clock_at(NOON + 30 * DAY - timedelta(minutes=1))
    assert sources(here.visit()) == []
    clock_at(NOON + 30 * DAY)
    assert sources(here.visit()) == ["birthday"]


ALIASES = ["Ann.Smith@gmail.com", "annsmith+a@gmail.com", "a.n.n.s.m.i.t.h+b@googlemail.com"]


def test_a_mailbox_has_one_birthday_and_one_welcome() -> None:
    here = shop(Switches(welcome=Reward(), birthday=BirthdayRule(min_past_bonuses=0)))
    clock_at(NOON)
    got = []
    for alias in ALIASES:
        people.customer(alias.lower())
        born(alias.lower(), 6, 4)
        got.append(sources(here.visit(alias.lower())))
    assert got == [["welcome", "birthday"], [], []]
    assert Card.objects.filter(program=here.program).count() == 3


def test_who_enrolled_before_persons_were_told_apart_is_one() -> None:
    here = shop(Switches(welcome=Reward(), birthday=BirthdayRule(min_past_bonuses=0)))
    Customer.objects.update(person=None, mailbox="")
    born(ANN, 6, 4)
    born(BOB, 6, 4)
    clock_at(NOON)
    both = ["welcome", "birthday"]
    assert [sources(here.visit()) for _ in range(2)] == [both, []]
    assert [sources(here.visit(BOB)) for _ in range(2)] == [both, []]


def test_the_welcome_is_for_the_first_collect_anywhere() -> None:
    plain, here = shop(), shop(Switches(welcome=Reward(percent=10)))
    assert sources(here.visit()) == ["welcome"]
    plain.visit(BOB)
    assert sources(here.visit(BOB)) == []
    assert [sources(here.visit()) for _ in range(2)] == [[], []]


def test_points_come_from_the_preset_and_the_program() -> None:
    here = shop(Switches(points=3), Wanted(preset={"points": 4}))
    outcome = here.visit()
    assert (outcome.points, outcome.card.points) == (7, 7)
    assert here.visit().card.points == 14
    assert Card.objects.get(program=here.program).points == 14
