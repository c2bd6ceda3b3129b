"""Welcome and birthday presents: for whom, and once."""

import pytest

from loyalty.counting.occasions import Person, occasion_rewards
from loyalty.switches import NONE, BirthdayRule, Reward, Switches

BOTH = Switches(welcome=Reward(1), birthday=BirthdayRule(gift=Reward(2)))


def given_to(person: Person, switches: Switches = BOTH) -> list[tuple[str, int | None, str]]:
    found = occasion_rewards(person, switches, program_id=7)
    return [(each.source, each.gift.product_id, each.occasion) for each in found]


WELCOME, BIRTHDAY = ("welcome", 1, "welcome"), ("birthday", 2, "birthday:7:2027")


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person(), []),
        (Person(is_new=True), [WELCOME]),
        (Person(near=2027), []),
        (Person(near=2027, past_bonuses=1), [BIRTHDAY]),
        (Person(near=2027, past_bonuses=1, is_new=True), [WELCOME, BIRTHDAY]),
        (Person(near=2027, past_bonuses=1, known=["birthday:7:2027"]), []),
        (Person(near=2027, past_bonuses=1, known=["birthday:8:2027"]), [BIRTHDAY]),
        (Person(near=2027, past_bonuses=1, known=["birthday:7:2026"]), [BIRTHDAY]),
        (Person(is_new=True, known=["welcome"]), []),
    ],
)
def test_who_gets_what(person: Person, expected: list[tuple[str, int | None, str]]) -> None:
    assert given_to(person) == expected


@pytest.mark.parametrize(("least", "past", "count"), [(0, 0, 1), (3, 2, 0), (3, 3, 1)])
def test_a_birthday_asks_for_so_many_bonuses_before(least: int, past: int, count: int) -> None:
    switches = Switches(birthday=BirthdayRule(min_past_bonuses=least))
    assert len(given_to(Person(near=2027, past_bonuses=past), switches)) == count


def test_nothing_is_given_that_is_not_switched_on() -> None:
    assert given_to(Person(near=2027, past_bonuses=9, is_new=True), NONE) == []
