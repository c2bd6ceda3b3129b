"""A sale that was taken back leaves what there would be without it."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.completion import credit
from loyalty.rules.undo import Earned, without
from loyalty.values import Surplus

sales = st.lists(st.integers(1, 40), max_size=12)
thresholds = st.integers(1, 12)


@given(sales, thresholds, st.sampled_from(Surplus))
def test_what_is_left_is_counted_as_if_it_were_all(
    units: list[int], threshold: int, surplus: Surplus
) -> None:
    balance = completed = 0
    for count in units:
        after = credit(
            open_units=balance, debt=0, units=count, threshold=threshold, surplus=surplus
        )
        balance, completed = after.open, completed + after.completed
    history = [Earned(count, threshold, surplus) for count in units]
    left = without(history, used=0, threshold=threshold)
    assert (left.open, left.debt, left.waiting) == (balance, 0, completed)


@given(sales, thresholds, st.integers(0, 10))
def test_bonuses_that_are_gone_are_paid_back_exactly(
    units: list[int], threshold: int, used: int
) -> None:
    history = [Earned(count, threshold, Surplus.CARRY) for count in units]
    left = without(history, used=used, threshold=threshold)
    assert left.open - left.debt + (left.waiting + used) * threshold == sum(units)
    assert left.open == 0 or left.debt == 0
    assert left.open < threshold or left.waiting == 0
