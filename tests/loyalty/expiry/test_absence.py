"""Absent is who stays away longer than the owner, or their own habit, allows."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.expiry.absence import AbsenceRule, VisitRhythm, absence

START = datetime(2026, 1, 1, tzinfo=UTC)
spans = st.timedeltas(timedelta(0), timedelta(days=3_000))
rhythms = st.builds(
    lambda days, span: VisitRhythm(days, START, START + span), st.integers(1, 1_000), spans
)
optional = st.none() | st.integers(1, 2**31 - 1)
rules = st.builds(AbsenceRule, optional, optional)
small = st.builds(AbsenceRule, st.none() | st.integers(1, 400), st.none() | st.integers(1, 1_000))


@given(rhythms, rules, spans)
def test_an_absence_begins_after_the_last_visit_and_not_in_the_future(
    rhythm: VisitRhythm, rule: AbsenceRule, away: timedelta
) -> None:
    now = rhythm.last_at + away
    found = absence(rhythm, rule, now=now)
    if found is not None:
        assert rhythm.last_at <= found.since <= now
        assert found.rule in {"days", "interval"}


@given(rhythms, small, spans, spans)
def test_who_is_absent_stays_so_until_the_next_visit(
    rhythm: VisitRhythm, rule: AbsenceRule, away: timedelta, longer: timedelta
) -> None:
    first = absence(rhythm, rule, now=rhythm.last_at + away)
    if first is not None:
        assert absence(rhythm, rule, now=rhythm.last_at + away + longer) == first


@given(rhythms, spans)
def test_without_a_rule_nobody_is(rhythm: VisitRhythm, away: timedelta) -> None:
    assert absence(rhythm, AbsenceRule(), now=rhythm.last_at + away) is None


@given(st.integers(1, 2), spans, spans, st.integers(1, 1_000))
def test_a_habit_needs_three_days(
    days: int, span: timedelta, away: timedelta, percent: int
) -> None:
    rhythm = VisitRhythm(days, START, START + span)
    rule = AbsenceRule(after_percent=percent)
    assert absence(rhythm, rule, now=rhythm.last_at + away) is None


@given(rhythms, st.integers(1, 400), st.integers(1, 1_000), spans)
def test_two_rules_find_what_either_finds_first(
    rhythm: VisitRhythm, days: int, percent: int, away: timedelta
) -> None:
    now = rhythm.last_at + away
    alone = [
        absence(rhythm, rule, now=now)
        for rule in (AbsenceRule(after_days=days), AbsenceRule(after_percent=percent))
    ]
    found = [each for each in alone if each]
    both = absence(rhythm, AbsenceRule(days, percent), now=now)
    assert (both.since if both else None) == min((each.since for each in found), default=None)


def test_three_times_the_own_interval() -> None:
    weekly = VisitRhythm(5, START, START + timedelta(days=28))
    rule = AbsenceRule(after_percent=300)
    due = weekly.last_at + timedelta(days=21)
    assert absence(weekly, rule, now=due - timedelta(microseconds=1)) is None
    found = absence(weekly, rule, now=due)
    assert found is not None
    assert (found.since, found.rule) == (due, "interval")
