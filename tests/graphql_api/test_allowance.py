"""So much at once, and so much a second for ever."""

from hypothesis import given
from hypothesis import strategies as st

from graphql_api.live.allowance import Allowance, Allowances


@given(st.lists(st.floats(0, 3), min_size=1, max_size=200))
def test_never_more_than_the_allowance(pauses: list[float]) -> None:
    allowance, now, passed = Allowance(10, 2.0, 10, 0.0), 0.0, 0
    for pause in pauses:
        now += pause
        passed += allowance.take(now=now)
        assert passed <= 10 + 2.0 * now + 1e-6


def test_whoever_keeps_to_it_is_never_refused() -> None:
    allowance = Allowance(10, 2.0, 10, 0.0)
    assert all(allowance.take(now=number / 2) for number in range(1_000))


def test_a_pause_is_enough_after_a_flood() -> None:
    allowance = Allowance(10, 2.0, 10, 0.0)
    assert [allowance.take(now=0) for _ in range(100)].count(True) == 10
    assert allowance.take(now=1.0)


def test_each_person_has_their_own_and_few_are_kept() -> None:
    allowances = Allowances(at_once=1, a_second=1)
    assert allowances.take("ann", now=0)
    assert not allowances.take("ann", now=0)
    for number in range(30_000):
        assert allowances.take(number, now=number)
    assert len(allowances._known) <= 10_001  # noqa: SLF001  what is kept is what is tested
