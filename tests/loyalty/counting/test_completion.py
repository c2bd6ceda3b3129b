"""Units on a card: nothing is lost, nothing made up (docs/rules.md#configurations)."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.values import Surplus
from loyalty.counting.completion import credit

counts = st.integers(min_value=0, max_value=10**9)
positive = st.integers(min_value=1, max_value=10**9)


@given(counts, positive, positive, st.sampled_from(Surplus))
def test_the_entries_add_up(open_units: int, units: int, threshold: int, how: Surplus) -> None:
    before = open_units % threshold
    after = credit(open_units=before, debt=0, units=units, threshold=threshold, surplus=how)
    assert before + sum(entry.units for entry in after.movements) == after.open - after.debt
    assert 0 <= after.open < threshold
    assert after.debt == 0


@given(positive, positive, positive)
def test_a_debt_is_paid_first(debt: int, units: int, threshold: int) -> None:
    after = credit(open_units=0, debt=debt, units=units, threshold=threshold, surplus=Surplus.CARRY)
    assert after.open - after.debt + after.completed * threshold == units - debt
    assert after.open == 0 or after.debt == 0
    assert after.completed == max(0, units - debt) // threshold


@given(positive, positive)
def test_money_that_forfeits_gives_one_bonus_and_restarts(units: int, threshold: int) -> None:
    after = credit(open_units=0, debt=0, units=units, threshold=threshold, surplus=Surplus.FORFEIT)
    assert after.completed == (1 if units >= threshold else 0)
    assert after.open == (0 if after.completed else units)


def test_the_examples_of_the_specification() -> None:
    seven = credit(open_units=0, debt=0, units=7, threshold=5, surplus=Surplus.CARRY)
    assert (seven.completed, seven.open) == (1, 2)
    many = credit(open_units=0, debt=0, units=25, threshold=5, surplus=Surplus.CARRY)
    assert (many.completed, many.open) == (5, 0)
    assert [(entry.kind, entry.units) for entry in many.movements] == [
        ("earn", 25),
        ("complete", -25),
    ]


@given(st.integers(1, 4), st.integers(1, 60), st.data())
def test_money_that_pays_a_debt_fills_the_owed_card_like_any_other(
    cards: int, threshold: int, data: st.DataObject
) -> None:
    counted = data.draw(st.integers(0, threshold - 1))
    units = data.draw(st.integers(0, 3 * threshold))
    rules = {"units": units, "threshold": threshold, "surplus": Surplus.FORFEIT}
    fresh = credit(open_units=counted, debt=0, **rules)  # type: ignore[arg-type]  # as named above
    owed = credit(open_units=0, debt=cards * threshold - counted, **rules)  # type: ignore[arg-type]  # the same
    assert (owed.open, owed.completed) == (0, 0)
    assert owed.debt == (cards - fresh.completed) * threshold - fresh.open
    forfeited = [
        [entry.units for entry in each.movements if entry.kind == "forfeit"]
        for each in (fresh, owed)
    ]
    assert forfeited[0] == forfeited[1]
