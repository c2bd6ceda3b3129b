"""Whatever a line of the log may say comes back out of its storage."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.events import EventKind
from loyalty.base.values import SaleLine
from loyalty.events.debts import DebtLift, OwedFigures
from loyalty.events.details import NOT_SAID, EventDetails
from loyalty.events.people import AbsentDetails, LevelsSetDetails, ReviewedDetails
from loyalty.events.redemptions import PinClosedDetails, PinReopenedDetails, RefundedDetails
from loyalty.events.refusals import RefusedDetails
from loyalty.events.registry import DETAILS
from loyalty.events.sales import (
    CollectedDetails,
    ExpiredDetails,
    MintedDetails,
    RecountedDetails,
    VoidedDetails,
)
from loyalty.events.undone import CounterDebt, NumberChange, UndoResult

IDS = st.integers(1, 2**62)
MANY_IDS = st.lists(IDS, max_size=3).map(tuple)
COUNTS = st.integers(0, 2**40)
TEXTS = st.text(max_size=20)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  Hypothesis wants them naive
MAYBE_MOMENTS = st.none() | MOMENTS
TIERS = st.dictionaries(st.none() | IDS, st.integers(1, 2**40), max_size=3)
NUMBERS = st.none() | IDS
CHANGES = st.none() | st.builds(NumberChange, NUMBERS, NUMBERS)
OWED = st.builds(OwedFigures, TIERS, COUNTS, COUNTS, TIERS)
LIFTS = st.builds(DebtLift, IDS, TIERS, COUNTS, TEXTS)


@st.composite
def undo_results(draw: st.DrawFn) -> UndoResult:
    """What some sales gained is part of what others lost too: never less than all together."""
    points, lost = draw(st.integers(-(2**40), 2**40)), draw(COUNTS)
    return UndoResult(
        gone=draw(MANY_IDS),
        kept=draw(MANY_IDS),
        new=draw(MANY_IDS),
        cards=draw(COUNTS),
        fills=draw(MANY_IDS),
        owed=draw(st.lists(st.builds(CounterDebt, NUMBERS, COUNTS), max_size=2).map(tuple)),
        points=points,
        gained=max(0, points) + lost,
        elsewhere=draw(st.integers(-(2**40), 2**40)),
        streak=draw(CHANGES),
        level=draw(CHANGES),
        is_rise_gone=draw(st.booleans()),
        promise=draw(CHANGES),
    )


@st.composite
def collected(draw: st.DrawFn) -> CollectedDetails:
    """A level is reached or its rise is held, never both."""
    is_held = draw(st.booleans())
    return CollectedDetails(
        bonuses=draw(MANY_IDS),
        levels_set_by=draw(st.just(NOT_SAID) | st.none() | IDS),
        birthday=draw(st.just(NOT_SAID) | st.none() | st.integers(1, 9999)),
        is_known=draw(st.none() | st.booleans()),
        origin=draw(TEXTS),
        is_limited=draw(st.booleans()),
        rises_elsewhere=draw(COUNTS),
        times=draw(st.integers(1, 3)),
        level=None if is_held else draw(NUMBERS),
        is_level_held=is_held,
        had_told=is_held and draw(st.booleans()),
    )


UNDONE = st.none() | undo_results()
PLAIN = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | TEXTS
# What a kind holds that its fields' types do not tell; all other kinds hold ids and counts.
OF_KIND: dict[EventKind, st.SearchStrategy[Any]] = {
    EventKind.MINTED: st.builds(
        MintedDetails,
        st.lists(st.builds(SaleLine, IDS, st.integers(1, 999)), max_size=3).map(tuple),
    ),
    EventKind.COLLECTED: collected(),
    EventKind.VOIDED: st.builds(VoidedDetails, TEXTS, TEXTS, st.none() | OWED, UNDONE),
    EventKind.RECOUNTED: st.builds(RecountedDetails, IDS, UNDONE),
    EventKind.REFUNDED: st.builds(
        RefundedDetails,
        IDS,
        IDS,
        NUMBERS,
        TEXTS,
        st.none() | st.lists(LIFTS, max_size=3).map(tuple),
        st.none() | OWED,
        UNDONE,
        NUMBERS,
    ),
    EventKind.PIN_CLOSED: st.builds(PinClosedDetails, TEXTS, NUMBERS, COUNTS, MAYBE_MOMENTS),
    EventKind.PIN_REOPENED: st.builds(PinReopenedDetails, NUMBERS, COUNTS, MAYBE_MOMENTS),
    EventKind.REFUSED: st.builds(
        RefusedDetails,
        st.dictionaries(TEXTS.filter(lambda name: name != "retry_at"), PLAIN, max_size=3),
        MAYBE_MOMENTS,
    ),
    EventKind.EXPIRED: st.builds(ExpiredDetails, MANY_IDS),
    EventKind.ABSENT: st.builds(
        AbsentDetails,
        MAYBE_MOMENTS,
        MAYBE_MOMENTS,
        TEXTS,
        COUNTS,
        st.none() | st.floats(0, 4000, allow_nan=False),
    ),
    EventKind.LEVELS_SET: st.builds(LevelsSetDetails, st.lists(COUNTS, max_size=9).map(tuple)),
    EventKind.REVIEWED: st.builds(ReviewedDetails, IDS, TEXTS, TEXTS, TEXTS, NUMBERS, MANY_IDS),
}


@pytest.mark.parametrize("kind", list(EventKind))
@given(data=st.data())
def test_what_is_stored_comes_back(kind: EventKind, data: st.DataObject) -> None:
    said: EventDetails = data.draw(OF_KIND.get(kind, st.builds(DETAILS[kind])))
    kept = json.loads(json.dumps(said.stored()))
    assert type(said).from_stored(kept) == said


@pytest.mark.parametrize("kind", list(EventKind))
def test_a_class_tells_its_kind_by_its_name(kind: EventKind) -> None:
    words = "".join(word.capitalize() for word in kind.name.split("_"))
    assert DETAILS[kind].__name__ == f"{words}Details"


def test_only_the_visit_whose_rise_was_held_tells_of_it() -> None:
    assert CollectedDetails(is_level_held=True).is_new_hold
    assert not CollectedDetails(is_level_held=True, had_told=True).is_new_hold
    assert not CollectedDetails(level=3).is_new_hold
