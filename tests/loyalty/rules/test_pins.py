"""PINs are drawn evenly among the free ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.pins import MOST_ALIVE, PINS, draw

NUMBERS = st.integers(0, PINS - 1)


@given(taken=st.sets(NUMBERS, max_size=200), wanted=st.data())
def test_the_nth_free_one(taken: set[int], wanted: st.DataObject) -> None:
    free = [f"{number:04d}" for number in range(PINS) if number not in taken]
    nth = wanted.draw(st.integers(0, len(free) - 1))
    asked: list[int] = []

    def below(limit: int) -> int:
        asked.append(limit)
        return nth

    assert draw({f"{number:04d}" for number in taken}, below=below) == free[nth]
    assert asked == [len(free)]


@pytest.mark.parametrize(("alive", "first"), [(0, "0000"), (1, "0001"), (MOST_ALIVE - 1, "1999")])
def test_those_that_are_taken_are_passed_over(alive: int, first: str) -> None:
    taken = frozenset(f"{number:04d}" for number in range(alive))
    assert draw(taken, below=lambda _: 0) == first
    assert draw(taken, below=lambda limit: limit - 1) == "9999"


def test_none_when_too_many_are_alive() -> None:
    taken = frozenset(f"{number:04d}" for number in range(MOST_ALIVE))
    assert draw(taken, below=lambda _: 0) is None
