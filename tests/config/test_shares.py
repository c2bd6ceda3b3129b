"""Beyond its share of the threads a business has half a second, and the next business has all."""

from contextlib import ExitStack

import pytest

from config.shares import SECONDS_BEYOND, Shares
from config.turns import Caller
from loyalty.db import deadline
from loyalty.db.deadline import Deadline


def _is_short(found: Deadline) -> bool:
    return found.seconds_left <= SECONDS_BEYOND


def test_who_comes_beyond_the_share_has_little_time() -> None:
    shares = Shares(4)
    with ExitStack() as held:
        found = [held.enter_context(shares.held(Caller("loud", str(n)))) for n in range(4)]
        calm = held.enter_context(shares.held(Caller("calm", "x")))
        assert [_is_short(each) for each in [*found, calm]] == [False, False, True, True, False]
    # All have left: it is as at first.
    with shares.held(Caller("loud", "x")) as again:
        assert not _is_short(again)
        assert deadline.running() is again
    assert deadline.running() is None


def test_a_person_has_three_at_once() -> None:
    shares = Shares(64)
    with ExitStack() as held:
        mine = [held.enter_context(shares.held(Caller("a", "ann"))) for _ in range(4)]
        assert [_is_short(each) for each in mine] == [False, False, False, True]


def test_a_share_is_given_back_after_an_error() -> None:
    shares = Shares(4)
    for _ in range(9):
        with pytest.raises(ZeroDivisionError), shares.held(Caller("a", "x")):
            raise ZeroDivisionError
    with shares.held(Caller("a", "x")) as found:
        assert not _is_short(found)
