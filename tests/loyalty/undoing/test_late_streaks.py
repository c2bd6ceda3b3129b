"""Streak bonuses that were used, and days that come late: they are owed until they are paid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.models import Bonus, Card, Program
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.switches import StreakRule, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.people import OWNER, as_staff
from tests.factories.undoing import WITH, granted, queued, sold, used
from tests.harness.clock import clock_at
from tests.model.draws import CLASSIC

pytestmark = pytest.mark.django_db
START = datetime(2027, 5, 3, 8, tzinfo=UTC)


def opened(rule: StreakRule) -> Program:
    """A program of days alone: its stamps never fill a card here."""
    rules, switches = replace(CLASSIC, threshold=100), Switches(streak=rule)
    wanted = NewProgram("Days", "EUR", rules, gives="Lunch", switches=switches)
    return publish_program(wanted, actor=OWNER)


def visit(program: Program, *days: int) -> list[int]:
    """A sale on each of these days, scanned at once."""
    found = []
    for day in days:
        clock_at(START + timedelta(days=day))
        found.append(sold(WITH, program, {}))
    return found


def visit_and_wait(program: Program, day: int) -> None:
    """A scan of that day, which waits for its address."""
    clock_at(START + timedelta(days=day))
    queued(WITH, program, {})


def stand() -> tuple[int, int, list[str]]:
    """The days of the streak, the bonuses owed, and what became of those that were given."""
    card = Card.objects.get()
    kept = Bonus.objects.filter(card=card, source="streak").exclude(status="void").order_by("id")
    return card.streak_days, card.streaks_owed, list(kept.values_list("status", flat=True))


def wrongs() -> list[object]:
    """What the proof of the books finds."""
    return [*wrong_books(), *wrong_rebuilds()]


@pytest.mark.parametrize("is_late", [False, True])
def test_a_day_that_comes_late_pays_for_a_bonus_that_was_used(*, is_late: bool) -> None:
    program = opened(StreakRule(window=1, threshold=3))
    first, *_ = visit(program, 0, 1, 2)
    used("streak")
    void_session(first, actor=as_staff(Role.MANAGER), reason="a mistake")
    assert stand() == (2, 1, ["used"])
    if is_late:
        visit_and_wait(program, 3)
        visit(program, 4)
        # The streak is torn: nothing pays yet.
        assert stand() == (1, 1, ["used"])
        granted(WITH)
    else:
        visit(program, 3, 4)
    assert stand() == (4, 0, ["used"])
    assert wrongs() == []
    # It is paid once: the next one is given.
    visit(program, 5, 6)
    assert stand() == (6, 0, ["used", "waiting"])
    assert wrongs() == []


@pytest.mark.parametrize("is_late", [False, True])
def test_a_day_that_comes_late_and_takes_a_used_bonus_leaves_it_owed(*, is_late: bool) -> None:
    # Day 4 joins 5 to the first streak and needs the only freeze: so 7 begins another one.
    program = opened(StreakRule(window=1, threshold=3, freezes=1))
    visit(program, 0, 1, 2)
    used("streak")
    if is_late:
        visit_and_wait(program, 4)
        visit(program, 5, 7, 8)
        used("streak")
        assert stand() == (3, 0, ["used", "used"])
        granted(WITH)
        assert stand() == (2, 1, ["used", "used"])
        assert wrongs() == []
        visit(program, 9)
        assert stand() == (3, 0, ["used", "used"])
    else:
        visit(program, 4, 5, 7, 8)
        assert stand() == (2, 0, ["used"])
        visit(program, 9)
        assert stand() == (3, 0, ["used", "waiting"])
    assert wrongs() == []
