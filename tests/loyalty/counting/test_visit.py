"""One visit after another: nothing is lost, nothing made up, nothing both open and owed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.states import EntryKind
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode, Surplus
from loyalty.counting.completion import credit
from loyalty.counting.streak import Streak
from loyalty.counting.visit import (
    CardState,
    CounterBalance,
    Visit,
    apply,
    units_end,
    without_expired,
)
from loyalty.switches import NONE, StreakRule, Switches
from tests.factories.moments import INSTANT, moments, zones

TIERS: list[int | None] = [None, 1, 2]
START = datetime(2026, 1, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)

mechanics = st.builds(
    Mechanic,
    st.just(BonusModel.STAMP_COUNT),
    st.sampled_from(Mode),
    st.just(StampMode.PER_LINE_ITEM),
    threshold=st.integers(1, 12),
    surplus=st.sampled_from(Surplus),
)
balances = st.dictionaries(
    st.sampled_from(TIERS),
    st.one_of(
        st.builds(CounterBalance, st.integers(0, 11), st.just(0)),
        st.builds(CounterBalance, st.just(0), st.integers(1, 30)),
    ),
)
sales = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(TIERS), st.integers(1, 40), max_size=3),
        st.timedeltas(timedelta(days=-20), timedelta(days=120)),
    ),
    max_size=10,
)
expiring = st.sampled_from([NONE, Switches(units_expire_after=1), Switches(units_expire_after=3)])


def plain(threshold: int = 5, surplus: Surplus = Surplus.CARRY) -> Mechanic:
    kind = (BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT)
    return Mechanic(*kind, threshold=threshold, surplus=surplus)


def seen(at: datetime, units: Mapping[int | None, int], switches: Switches = NONE) -> Visit:
    return Visit(at, "Europe/Berlin", units, plain(), switches)


@given(mechanics, balances, sales, expiring)
def test_every_counter_is_conserved(
    mechanic: Mechanic,
    before: dict[int | None, CounterBalance],
    visits: list[tuple[dict[int | None, int], timedelta]],
    switches: Switches,
) -> None:
    card, at = CardState(before), START
    moved = {tier: each.open - each.debt for tier, each in before.items()}
    for units, shift in visits:
        at += shift
        done = apply(card, Visit(at, "Europe/Berlin", units, mechanic, switches))
        for tier, found in done.credits.items():
            moved[tier] = moved.get(tier, 0) + sum(entry.units for entry in found.movements)
            kinds = {entry.kind: entry.units for entry in found.movements}
            assert kinds.get(EntryKind.EARN, 0) == units.get(tier, 0)
            assert kinds.get(EntryKind.COMPLETE, 0) == -found.completed * mechanic.threshold
            assert [entry.kind for entry in found.movements] == [
                kind
                for kind in (
                    EntryKind.EXPIRE,
                    EntryKind.EARN,
                    EntryKind.COMPLETE,
                    EntryKind.FORFEIT,
                )
                if kind in kinds
            ]
        assert len(done.completed) == sum(found.completed for found in done.credits.values())
        card = done.card
        for tier, each in card.balances.items():
            assert each.open - each.debt == moved[tier]
            assert each.open >= 0
            assert each.debt >= 0
            assert not (each.open and each.debt)
    assert set(card.balances) >= set(before)


@given(mechanics, balances, st.integers(1, 40))
def test_only_the_counters_of_the_sale_change(
    mechanic: Mechanic, before: dict[int | None, CounterBalance], count: int
) -> None:
    done = apply(CardState(before), Visit(START, "UTC", {1: count}, mechanic))
    assert {t: b for t, b in done.card.balances.items() if t != 1} == {
        t: b for t, b in before.items() if t != 1
    }


@given(moments, zones, st.integers(1, 36), st.integers(0, 4), st.integers(0, 9))
def test_open_units_expire_exactly_at_their_end(
    at: datetime, zone: str, months: int, open_units: int, debt: int
) -> None:
    switches = Switches(units_expire_after=months)
    end = units_end(at, switches, zone=zone)
    assert end is not None
    card = CardState(
        {None: CounterBalance(open_units), 1: CounterBalance(0, debt)}, last_at=at, units_end_at=end
    )

    def after(moment: datetime) -> CardState:
        return apply(card, Visit(moment, zone, {None: 1}, plain(99), switches)).card

    assert after(end - INSTANT).balances[None].open == open_units + 1
    assert after(end).balances[None].open == 1
    assert without_expired(card, now=end - INSTANT) == card
    over = without_expired(card, now=end)
    assert over.balances == {None: CounterBalance(0), 1: CounterBalance(0, debt)}
    entries = apply(card, Visit(end, zone, {None: 1}, plain(99), switches)).credits[None].movements
    assert [entry.kind for entry in entries] == (["expire", "earn"] if open_units else ["earn"])


def test_a_late_visit_does_not_bring_the_end_nearer() -> None:
    switches = Switches(units_expire_after=2)
    first = apply(CardState(), seen(START, {None: 1}, switches)).card
    second = apply(first, seen(START - 6 * DAY, {None: 1}, switches)).card
    assert (second.last_at, second.units_end_at) == (START, first.units_end_at)
    assert second.balances[None].open == 2
    assert first.units_end_at == datetime(2026, 3, 31, 22, tzinfo=UTC)


def test_a_late_visit_elsewhere_leaves_the_end_as_the_latest_one_set_it() -> None:
    months = Switches(units_expire_after=1)
    first = apply(CardState(), seen(START, {None: 1}, months)).card
    late = replace(seen(START - DAY, {None: 1}, months), zone="Pacific/Honolulu")
    assert apply(first, late).card.units_end_at == first.units_end_at


def test_units_of_every_counter_expire_whatever_was_sold() -> None:
    end = START - DAY
    card = CardState({1: CounterBalance(3), 2: CounterBalance(4)}, units_end_at=end)
    done = apply(card, seen(START, {1: 1}, Switches(units_expire_after=1)))
    assert {t: b.open for t, b in done.card.balances.items()} == {1: 1, 2: 0}
    assert [entry.kind for entry in done.credits[2].movements] == ["expire"]


def test_a_streak_bonus_that_is_owed_is_paid_before_one_is_given() -> None:
    switches = Switches(streak=StreakRule(window=1, threshold=2))
    card, paid = CardState(streaks_owed=2), []
    for n in range(8):
        done = apply(card, seen(START + n * DAY, {None: 1}, switches))
        paid.append((done.is_streak_due, done.card.streaks_owed))
        card = done.card
    due = [(False, 2), (False, 1), (False, 1), (False, 0), (False, 0), (True, 0)]
    assert paid == [*due, (False, 0), (True, 0)]


def test_a_streak_that_is_switched_off_stays_as_it_was() -> None:
    streak = Streak(3, START, 0, START + 2 * DAY)
    done = apply(CardState(streak=streak), seen(START + DAY, {None: 1}))
    assert (done.card.streak, done.is_streak_due) == (streak, False)


@given(st.integers(0, 20), st.integers(0, 30), st.integers(1, 9), st.sampled_from(Surplus))
def test_what_is_over_counts_for_no_card(
    open_units: int, units: int, threshold: int, surplus: Surplus
) -> None:
    numbers = {"units": units, "threshold": threshold, "surplus": surplus, "debt": 0}
    over = credit(open_units=open_units, is_over=True, **numbers)  # type: ignore[arg-type]  # each number is of its own type
    fresh = credit(open_units=0, **numbers)  # type: ignore[arg-type]  # the same
    assert (over.open, over.debt, over.completed) == (fresh.open, fresh.debt, fresh.completed)
    assert over.movements[bool(open_units) :] == fresh.movements
    assert sum(entry.units for entry in over.movements) == over.open - open_units
