"""The points that a card keeps: right after everything that can be done, and little to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from loyalty.base.values import Role
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.counting.activity import counted, later
from loyalty.counting.level_table import VisitPoints
from loyalty.db.roundtrip import send
from loyalty.importing.import_history import ImportRequest, import_history
from loyalty.levels import points as past_points
from loyalty.levels.facts import levels_of, levels_query
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.points import moment, past_of, points_facts, points_query
from loyalty.levels.set_levels import set_levels
from loyalty.models import Card, EarnSession
from loyalty.switches import Switches
from loyalty.undoing.void_session import void_session
from tests.factories.campaigns import DAY, Move, now, published, visit
from tests.factories.people import as_customer, as_staff
from tests.harness.trips import round_trips

pytestmark = pytest.mark.django_db
POINTS = Switches(points=1)


def level_table(*thresholds: int, **numbers: Any) -> None:
    levels = tuple(NewLevel(f"From {low}", low, percent=150) for low in thresholds)
    wanted = NewLevelTable(levels, **{"period_days": 10, "grace_days": 3, **numbers})
    set_levels(wanted, actor=as_staff(Role.OWNER))


def ann() -> int:
    return as_customer("ann@alpha.example").id


@contextmanager
def counts() -> Iterator[list[int]]:
    """How many visits were read each time that the past was counted again."""
    found: list[int] = []

    def seen(given: Any, *rest: Any, **more: Any) -> Any:
        found.append(len(given))
        return counted(given, *rest, **more)

    with patch.object(past_points, "counted", seen):
        yield found


def is_as_counted() -> bool:
    """Whether what a visit would see now is what all visits say."""
    at = now()
    rows, asked = levels_query(), points_query(ann(), until=moment(at))
    send(rows, asked)
    levels, points = levels_of(tuple(rows.rows)), points_facts(asked.rows)
    past = past_of(points, levels, customer_id=ann(), at=at)
    visits = EarnSession.objects.filter(customer_id=ann(), status="collected")
    every = [
        VisitPoints(when, given)
        for when, given in visits.values_list("collected_at", "points_given")
        if when
    ]
    seen = later(past.latest, past.given, levels.level_table, at=at)
    return seen == counted(every, levels.level_table, at=at)


def test_a_visit_reads_only_what_left_the_period(move_clock: Move) -> None:
    level_table(2, 4)
    program = published(POINTS)
    with counts() as counting:
        for day in range(15):
            move_clock(day * DAY)
            visit(program)
            assert is_as_counted()
    assert counting == []
    asked = points_query(ann(), until=moment(now()))
    send(asked)
    found = points_facts(asked.rows)
    assert found is not None
    # Fifteen visits: ten days hold ten of them, and the next to leave has not left yet.
    assert (found.visits, len(found.given)) == (15, 0)
    move_clock(16 * DAY + timedelta(hours=1))
    asked = points_query(ann(), until=moment(now()))
    send(asked)
    found = points_facts(asked.rows)
    assert found is not None
    assert len(found.given) == 2


def test_a_visit_after_a_long_past_costs_as_many_trips_as_the_first() -> None:
    level_table(2, 4)
    program = published(POINTS)
    for _ in range(8):
        visit(program)
    with round_trips() as trips:
        visit(program)
    Card.objects.update(activity=None)
    with round_trips() as counting_anew:
        visit(program)
    assert len(counting_anew) == len(trips) + 1
    with round_trips() as again:
        visit(program)
    assert len(again) == len(trips)


def test_two_cards_share_the_points_of_one_person() -> None:
    level_table(3, 6)
    lunch, dinner = published(POINTS), published(POINTS, name="Dinner")
    with counts() as counting:
        for n in range(7):
            visit(dinner if n % 2 else lunch)
            assert is_as_counted()
    assert counting == []
    assert list(wrong_rebuilds()) == []


def test_what_was_taken_back_is_counted_anew_once() -> None:
    level_table(2, 4)
    program = published(POINTS)
    outcomes = [visit(program) for _ in range(5)]
    void_session(outcomes[1].session_id, actor=as_staff(Role.MANAGER), reason="wrong")
    assert Card.objects.get().activity is None
    assert is_as_counted()
    with counts() as counting:
        visit(program)
        visit(program)
    assert counting == [4]
    assert is_as_counted()
    assert list(wrong_rebuilds()) == []


def test_what_was_imported_is_counted_anew_once(tmp_path: Path) -> None:
    level_table(2, 4)
    program = published(POINTS)
    visit(program)
    file = tmp_path / "past.csv"
    day = (now() - 2 * DAY).date().isoformat()
    file.write_text(f"email,time\nann@alpha.example,{day}\n")
    assert import_history(ImportRequest(file, str(program.pk))).visits == 1
    assert is_as_counted()
    with counts() as counting:
        visit(program)
        visit(program)
    assert counting == [2]
    assert is_as_counted()


def test_another_ladder_counts_anew(move_clock: Move) -> None:
    level_table(2, 4)
    program = published(POINTS)
    for day in (0, 4, 8):
        move_clock(day * DAY)
        visit(program)
    level_table(2, 4, period_days=5)
    assert is_as_counted()
    with counts() as counting:
        visit(program)
        visit(program)
    assert len(counting) == 1
    assert is_as_counted()


def test_what_is_kept_wrongly_is_found() -> None:
    level_table(2, 4)
    program = published(POINTS)
    for _ in range(3):
        visit(program)
    card = Card.objects.get()
    assert card.activity is not None
    Card.objects.update(activity={**card.activity, "points": 9})
    (found,) = wrong_rebuilds()
    assert found.what == "a customer's points that count differ from their sales"
    assert (found.number, found.found, found.expected) == (ann(), 9, 3)
    # What no visit would go by does no harm.
    Card.objects.update(activity={**card.activity, "points": 9, "visits": 2})
    assert list(wrong_rebuilds()) == []
