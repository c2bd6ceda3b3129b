"""Welcome and birthday presents: for whom, and once."""

from datetime import UTC, datetime

import pytest

from loyalty.rules.birthday import Birthday
from loyalty.rules.occasions import Person, presents
from loyalty.switches import NONE, BirthdayRule, Gift, Switches

AT = datetime(2026, 12, 30, 12, tzinfo=UTC)
BOTH = Switches(welcome=Gift(1), birthday=BirthdayRule(gift=Gift(2)))
BORN = Birthday(1, 2)


def given_to(person: Person, switches: Switches = BOTH) -> list[tuple[str, int | None, str]]:
    found = presents(person, switches, program_id=7, at=AT, zone="Europe/Berlin")
    return [(each.source, each.gift.product_id, each.occasion) for each in found]


WELCOME, BIRTHDAY = ("welcome", 1, "welcome"), ("birthday", 2, "birthday:7:2027")


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person(), []),
        (Person(is_new=True), [WELCOME]),
        (Person(birthday=BORN), []),
        (Person(birthday=BORN, past_bonuses=1), [BIRTHDAY]),
        (Person(birthday=BORN, past_bonuses=1, is_new=True), [WELCOME, BIRTHDAY]),
        (Person(birthday=BORN, past_bonuses=1, known=["birthday:7:2027"]), []),
        (Person(birthday=BORN, past_bonuses=1, known=["birthday:8:2027"]), [BIRTHDAY]),
        (Person(birthday=BORN, past_bonuses=1, known=["birthday:7:2026"]), [BIRTHDAY]),
        (Person(is_new=True, known=["welcome"]), []),
    ],
)
def test_who_gets_what(person: Person, expected: list[tuple[str, int | None, str]]) -> None:
    assert given_to(person) == expected


def test_nothing_is_given_that_is_not_switched_on() -> None:
    assert given_to(Person(birthday=BORN, past_bonuses=9, is_new=True), NONE) == []
