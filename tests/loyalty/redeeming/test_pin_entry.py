"""When wrong PINs close PIN entry, to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import PinLocked
from loyalty.redeeming.pin_entry import (
    WINDOW,
    WRONG_AT_MOST,
    budget,
    check_person,
    check_program,
    person_closed_until,
    program_closed_until,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SECONDS = st.lists(st.integers(0, 3600), max_size=12)


@given(ago=SECONDS)
def test_five_within_a_quarter_of_an_hour_close_for_another_one(ago: list[int]) -> None:
    wrong = sorted(NOON - timedelta(seconds=each) for each in ago)
    last = wrong[-WRONG_AT_MOST:]
    is_closed = (
        len(last) == WRONG_AT_MOST and last[-1] - last[0] < WINDOW and last[-1] + WINDOW > NOON
    )
    until = person_closed_until(wrong, now=NOON)
    assert until == (last[-1] + WINDOW if is_closed else None)
    assert until is None or person_closed_until(wrong, now=until) is None


def test_the_edges_of_a_persons_closure() -> None:
    five = [NOON] * WRONG_AT_MOST
    assert person_closed_until(five[1:], now=NOON) is None
    with pytest.raises(PinLocked) as refused:
        check_person(five, now=NOON + WINDOW - SECOND)
    assert refused.value.retry_at == NOON + WINDOW
    check_person(five, now=NOON + WINDOW)
    check_person([NOON - WINDOW, *five[1:]], now=NOON)
    with pytest.raises(PinLocked):
        check_person([NOON - WINDOW + SECOND, *five[1:]], now=NOON)


@pytest.mark.parametrize(
    ("locations", "yesterday", "allowed"),
    [(1, 0, 10), (1, 219, 10), (1, 220, 11), (3, 400, 30), (3, 1_000, 50)],
)
def test_the_budget_of_a_day(locations: int, yesterday: int, allowed: int) -> None:
    assert budget(locations=locations, yesterday=yesterday) == allowed


def test_a_used_up_budget_closes_until_midnight_in_utc() -> None:
    today, last = NOON.date(), MIDNIGHT - SECOND
    assert program_closed_until(9, day=today, allowed=10, now=NOON) is None
    assert program_closed_until(10, day=today, allowed=10, now=NOON) == MIDNIGHT
    assert program_closed_until(10, day=today, allowed=10, now=last) == MIDNIGHT
    assert program_closed_until(10, day=today, allowed=10, now=MIDNIGHT) is None
    assert program_closed_until(10, day=None, allowed=10, now=NOON) is None
    with pytest.raises(PinLocked) as refused:
        check_program(11, day=today, allowed=10, now=NOON)
    assert (refused.value.retry_at, refused.value.details) == (MIDNIGHT, {"what": "program"})
