"""What is remarkable, and what is an ordinary day."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.states import FindingKind
from loyalty.findings.anomalies import crowded, findings
from loyalty.findings.review_log import (
    CollectRecord,
    ConfirmationRecord,
    HeldRiseRecord,
    LocationHours,
    MintRecord,
    PinClosureRecord,
    ReviewLimits,
    ReviewLog,
)

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
gaps = st.lists(st.integers(0, 400), max_size=16)
LIMITS = ReviewLimits()


def visits(
    minutes: list[int], card: int = 1, staff: int = 2, person: int | None = None
) -> list[CollectRecord]:
    return [
        CollectRecord(number, START + timedelta(minutes=each), card, person or card, staff, 3, 4)
        for number, each in enumerate(minutes, start=card * 1_000)
    ]


def times(apart: list[int]) -> list[int]:
    return [sum(apart[: n + 1]) for n in range(len(apart))]


@given(gaps, st.integers(1, 8), st.integers(1, 600))
def test_crowded_names_exactly_what_lies_in_a_full_window(
    apart: list[int], at_least: int, minutes: int
) -> None:
    every, within = visits(times(apart)), timedelta(minutes=minutes)
    found = crowded(reversed(every), at_least=at_least, within=within)
    windows = [
        [each for each in every if timedelta(0) <= last.at - each.at <= within] for last in every
    ]
    expected = {each.session_id for window in windows if len(window) >= at_least for each in window}
    # Of several at one moment, the last one's window holds them all.
    assert {each.session_id for each in found} == expected
    assert len(found) == len(expected)


@given(gaps, st.integers(0, 20))
def test_what_was_decided_is_not_counted_again(apart: list[int], first: int) -> None:
    every = visits(times(apart))
    settled = frozenset(each.session_id for each in every[:first])
    again = findings(ReviewLog(collected=every), settled={"often:1:4:2": settled})
    assert not {n for each in again for n in each.sessions} & settled
    assert again == findings(ReviewLog(collected=every[first:]))


def test_six_in_a_day_by_one_person_and_not_five() -> None:
    assert findings(ReviewLog(collected=visits([0, 60, 120, 180, 240]))) == []
    assert findings(ReviewLog(collected=visits([0, 60, 120, 180, 240, 24 * 60 + 1]))) == []
    (found,) = findings(ReviewLog(collected=visits([0, 60, 120, 180, 240, 24 * 60])))
    assert (found.kind, found.subject) == (FindingKind.OFTEN, "often:1:4:2")
    assert found.sessions == tuple(range(1_000, 1_006))
    assert found.figures == {"count": 6, "minutes": 24 * 60}
    assert (found.card_id, found.staff_id, found.location_id) == (1, 2, 3)
    two = [*visits([0, 1, 2]), *visits([3, 4, 5], staff=9)]
    assert findings(ReviewLog(collected=two)) == []


def test_six_in_a_day_on_two_cards_of_one_person() -> None:
    first, second = visits([0, 1, 2], person=7), visits([3, 4, 5], card=2, person=7)
    (found,) = findings(ReviewLog(collected=[*first, *second]))
    assert (found.kind, found.card_id) == (FindingKind.OFTEN, 2)
    assert found.sessions == tuple(each.session_id for each in (*first, *second))
    apart = [*first, *visits([3, 4, 5], card=2, person=8)]
    assert findings(ReviewLog(collected=apart)) == []


def test_three_right_before_a_bonus_is_given() -> None:
    given_at = START + timedelta(minutes=10)
    log = ReviewLog(
        collected=[*visits([0, 5, 10, 11]), *visits([6], card=5)],
        confirmed=[ConfirmationRecord(77, given_at, 1, 8, 3)],
    )
    (found,) = findings(log)
    assert (found.kind, found.subject, found.at) == (FindingKind.BURST, "burst:77", given_at)
    assert found.sessions == (1_000, 1_001, 1_002)
    assert found.staff_id == 8
    later = ConfirmationRecord(77, given_at + timedelta(minutes=1, seconds=1), 1, 8, 3)
    assert findings(ReviewLog(collected=visits([0, 1, 5]), confirmed=[later])) == []


def test_outside_the_hours_but_for_a_quarter_of_an_hour() -> None:
    places = {3: LocationHours("UTC", {"0": [["08:00", "12:00"]]})}
    every = visits([0, 14, 15, 100])
    log = ReviewLog(
        collected=every, places=places, fresh=frozenset(each.session_id for each in every)
    )
    (found,) = findings(log)
    assert (found.kind, found.sessions) == (FindingKind.HOURS, (1_002, 1_003))
    assert findings(ReviewLog(collected=every, places=places)) == []
    assert (
        findings(ReviewLog(collected=every, places={3: LocationHours("UTC")}, fresh=log.fresh))
        == []
    )


def test_volume_is_a_flag_beyond_a_hundred_and_twenty_in_an_hour() -> None:
    taps = [MintRecord(n, START + timedelta(seconds=30 * n), 2) for n in range(121)]
    assert findings(ReviewLog(minted=taps[1:])) == []
    (found,) = findings(ReviewLog(minted=taps))
    assert (found.kind, found.staff_id, len(found.sessions)) == (FindingKind.VOLUME, 2, 121)
    slow = [MintRecord(n, START + timedelta(seconds=31 * n), 2) for n in range(121)]
    assert findings(ReviewLog(minted=slow)) == []


def test_closures_and_held_levels_are_named_one_by_one() -> None:
    held = [HeldRiseRecord(n, START + timedelta(minutes=n), 5, 1) for n in (1, 2)]
    log = ReviewLog(closures=[PinClosureRecord(9, START, 2, 4, 5, is_of_program=True)], held=held)
    closed, level = findings(log)
    assert (closed.subject, closed.program_id) == ("pin:9", 4)
    assert closed.figures == {"wrong": 5, "of_program": 1}
    assert (level.subject, level.sessions, level.customer_id) == ("level:5", (1, 2), 5)
    (left,) = findings(log, settled={"level:5": frozenset({1, 2})})
    assert left == closed
