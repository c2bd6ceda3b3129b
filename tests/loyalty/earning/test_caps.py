"""Whether one more is allowed: exactly up to the limit, and again from the moment that is told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.calendar import DAY, day_of, start_of
from loyalty.base.errors import Cooldown, DailyCap, OwnSession, ProgramBudgetSpent, StaffCap
from loyalty.earning.cooldown import check_cooldown
from loyalty.earning.daily_cap import check_daily_cap
from loyalty.earning.own_session import SessionParty, check_own_session
from loyalty.earning.staff_cap import SessionCap, check_staff_cap
from loyalty.programs.budget import Budget, check_budget
from tests.factories.moments import INSTANT, moments, zones

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
shifts = st.timedeltas(timedelta(days=-2), timedelta(days=2))


@given(moments, st.integers(1, 3_000))
def test_a_cooldown_ends_when_it_says(last: datetime, minutes: int) -> None:
    again = last + minutes * MINUTE
    with pytest.raises(Cooldown) as refused:
        check_cooldown([last], minutes=minutes, at=again - INSTANT)
    assert refused.value.retry_at == again
    assert refused.value.details == {"minutes": minutes}
    check_cooldown([last], minutes=minutes, at=again)
    check_cooldown([last], minutes=None, at=last)


@given(moments, st.lists(shifts, max_size=6), st.integers(1, 3_000))
def test_two_visits_are_never_nearer_than_the_cooldown(
    at: datetime, apart: list[timedelta], minutes: int
) -> None:
    visits = [at + shift for shift in apart]
    if all(abs(shift) >= minutes * MINUTE for shift in apart):
        check_cooldown(visits, minutes=minutes, at=at)
        return
    with pytest.raises(Cooldown) as refused:
        check_cooldown(visits, minutes=minutes, at=at)
    assert refused.value.retry_at
    assert refused.value.retry_at > at


@given(moments, zones, st.lists(shifts, max_size=8), st.integers(1, 4))
def test_the_day_is_the_location_s(
    at: datetime, zone: str, apart: list[timedelta], limit: int
) -> None:
    visits = [at + shift for shift in apart]
    today = [visit for visit in visits if day_of(visit, zone) == day_of(at, zone)]
    check_daily_cap(visits, limit=None, at=at, zone=zone)
    if len(today) < limit:
        check_daily_cap(visits, limit=limit, at=at, zone=zone)
        return
    with pytest.raises(DailyCap) as refused:
        check_daily_cap(visits, limit=limit, at=at, zone=zone)
    assert refused.value.retry_at == start_of(day_of(at, zone) + DAY, zone)
    assert refused.value.details == {"limit": limit}


@pytest.mark.parametrize(
    ("day", "midnight"),
    [
        (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_the_day_ends_at_midnight_when_clocks_jump(day: datetime, midnight: datetime) -> None:
    zone = "Europe/Berlin"
    with pytest.raises(DailyCap) as refused:
        check_daily_cap([day], limit=1, at=midnight - INSTANT, zone=zone)
    assert refused.value.retry_at == midnight
    check_daily_cap([day], limit=1, at=midnight, zone=zone)


@given(moments, st.integers(1, 100), st.integers(1, 1_000))
def test_a_place_gets_free_when_the_oldest_leaves_the_window(
    made: datetime, limit: int, minutes: int
) -> None:
    cap = SessionCap(limit, minutes)
    free = made + minutes * MINUTE
    with pytest.raises(StaffCap) as refused:
        check_staff_cap(cap, nth_newest=made, now=free - INSTANT)
    assert refused.value.retry_at == free
    assert refused.value.details == {"limit": limit, "minutes": minutes}
    check_staff_cap(cap, nth_newest=made, now=free)
    check_staff_cap(cap, nth_newest=None, now=made)
    check_staff_cap(None, nth_newest=made, now=made)


numbers = st.integers(0, 20)


limits = st.none() | numbers
budgets = st.builds(Budget, numbers, numbers, limits, limits)


@given(budgets, numbers, numbers)
def test_a_budget_is_never_overdrawn(budget: Budget, more: int, cost: int) -> None:
    most, most_worth = budget.most_bonuses, budget.most_worth
    too_many = most is not None and budget.bonuses + more > most
    too_dear = most_worth is not None and budget.worth + cost > most_worth
    if not more or not (too_many or too_dear):
        check_budget(budget, bonuses=more, worth=cost)
        return
    with pytest.raises(ProgramBudgetSpent) as refused:
        check_budget(budget, bonuses=more, worth=cost)
    assert refused.value.details["limit"] == (most if too_many else most_worth)
    assert refused.value.details["what"] == ("bonuses" if too_many else "worth")
    assert refused.value.retry_at is None


def test_without_a_budget_there_is_no_end() -> None:
    check_budget(None, bonuses=10**9, worth=10**12)


def test_a_maker_does_not_collect_and_a_device_without_an_address_is_nobody() -> None:
    with pytest.raises(OwnSession):
        check_own_session(
            maker=SessionParty("ann@gmail.com"), collector=SessionParty("ann@gmail.com")
        )
    check_own_session(maker=SessionParty("ann@gmail.com"), collector=SessionParty("bob@gmail.com"))
    check_own_session(maker=SessionParty(), collector=SessionParty("ann@gmail.com"))


HANDS = st.builds(
    SessionParty,
    st.none() | st.sampled_from(["a@b.example", "c@d.example"]),
    st.none() | st.integers(1, 3),
)


@given(HANDS, HANDS)
def test_nobody_collects_what_they_or_their_device_made(
    maker: SessionParty, collector: SessionParty
) -> None:
    shared = {maker.mailbox, maker.device_id} & {collector.mailbox, collector.device_id} - {None}
    if not shared:
        check_own_session(maker=maker, collector=collector)
        return
    with pytest.raises(OwnSession):
        check_own_session(maker=maker, collector=collector)
