"""Rises of visits from another system: the limit is for the counter."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from loyalty.counting.level_table import LevelTable, VisitPoints
from loyalty.counting.levels import LevelChange, LevelStatus, change_imported_level, change_level
from tests.loyalty.counting.test_levels import DAY, PLAIN, START, climbed, limited, past, visits


def imported(
    level_table: LevelTable, order: list[VisitPoints]
) -> tuple[LevelStatus, list[LevelChange]]:
    """The standing after visits of history, and what each of them did."""
    now, climbs, before = LevelStatus(), list[LevelChange](), list[VisitPoints]()
    for each in order:
        found = change_imported_level(
            now, past(before, level_table), level_table, base=each.points, at=each.at
        )
        before.append(found.given(each.at))
        climbs.append(found)
        now = found.level_status
    return now, climbs


@given(visits)
def test_history_rises_as_if_there_were_no_limit(given_points: list[VisitPoints]) -> None:
    level_table = replace(PLAIN, most_rises=1, rises_within=timedelta(days=900))
    level_status, climbs = imported(level_table, given_points)
    _, free = climbed(PLAIN, given_points)
    assert [(found.points, found.level_status.level_index, found.reached) for found in climbs] == [
        (found.points, found.level_status.level_index, found.reached) for found in free
    ]
    assert level_status == LevelStatus(level_status.level_index)
    assert not any(found.is_held for found in climbs)


def test_history_does_not_count_against_a_rise_at_the_counter() -> None:
    level_table = limited(1)
    order = [VisitPoints(START + n * DAY, 1) for n in range(2)]
    level_status, _ = imported(level_table, order)
    counter = change_level(
        level_status, past(order, level_table), level_table, base=1, at=START + 2 * DAY
    )
    assert (counter.is_held, counter.level_status.rises) == (False, (START + 2 * DAY,))


@pytest.mark.parametrize("day", [-40, 0, 1, 3, 40])
def test_history_does_not_lift_what_waits_for_a_manager(day: int) -> None:
    level_table = limited(1)
    order = [VisitPoints(START, 1), VisitPoints(START + DAY, 1)]
    held_one, climbs = climbed(level_table, order)
    assert climbs[-1].is_held
    others, at = past(order, level_table), START + day * DAY
    found = change_imported_level(held_one, others, level_table, base=1, at=at)
    assert (found.level_status, found.reached, found.is_held) == (held_one, (), False)
    # Without a limit there is nothing that anybody decides.
    free = replace(level_table, most_rises=None)
    assert change_imported_level(held_one, others, free, base=1, at=at).reached
