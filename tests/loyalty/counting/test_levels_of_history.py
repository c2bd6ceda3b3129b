"""Rises of visits from another system: the limit is for the counter."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from loyalty.counting.level_table import Given, Ladder
from loyalty.counting.levels import Climb, Standing, climb, climb_of_history
from tests.loyalty.counting.test_levels import DAY, PLAIN, START, climbed, limited, past, visits


def imported(ladder: Ladder, order: list[Given]) -> tuple[Standing, list[Climb]]:
    """The standing after visits of history, and what each of them did."""
    now, climbs, before = Standing(), list[Climb](), list[Given]()
    for each in order:
        found = climb_of_history(now, past(before, ladder), ladder, base=each.points, at=each.at)
        before.append(found.given(each.at))
        climbs.append(found)
        now = found.standing
    return now, climbs


@given(visits)
def test_history_rises_as_if_there_were_no_limit(given_points: list[Given]) -> None:
    ladder = replace(PLAIN, most_rises=1, rises_within=timedelta(days=900))
    standing, climbs = imported(ladder, given_points)
    _, free = climbed(PLAIN, given_points)
    assert [(found.points, found.standing.rung, found.reached) for found in climbs] == [
        (found.points, found.standing.rung, found.reached) for found in free
    ]
    assert standing == Standing(standing.rung)
    assert not any(found.is_held for found in climbs)


def test_history_does_not_count_against_a_rise_at_the_counter() -> None:
    ladder = limited(1)
    order = [Given(START + n * DAY, 1) for n in range(2)]
    standing, _ = imported(ladder, order)
    counter = climb(standing, past(order, ladder), ladder, base=1, at=START + 2 * DAY)
    assert (counter.is_held, counter.standing.rises) == (False, (START + 2 * DAY,))


@pytest.mark.parametrize("day", [-40, 0, 1, 3, 40])
def test_history_does_not_lift_what_waits_for_a_manager(day: int) -> None:
    ladder = limited(1)
    order = [Given(START, 1), Given(START + DAY, 1)]
    held_one, climbs = climbed(ladder, order)
    assert climbs[-1].is_held
    others, at = past(order, ladder), START + day * DAY
    found = climb_of_history(held_one, others, ladder, base=1, at=at)
    assert (found.standing, found.reached, found.is_held) == (held_one, (), False)
    # Without a limit there is nothing that anybody decides.
    free = replace(ladder, most_rises=None)
    assert climb_of_history(held_one, others, free, base=1, at=at).reached
