"""History goes through the levels at once: nobody holds back what happened long ago."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.db.roundtrip import database_now
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.history.past import past_of
from loyalty.history.replay import replay
from loyalty.history.steps import PastSale
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Anomaly, Customer
from loyalty.reviewing.review_anomaly import FindingReview, ReviewVerdict, review_anomaly
from loyalty.switches import Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import importing, stamp_spend
from tests.factories.people import as_staff
from tests.factories.undoing import WITH, sold

pytestmark = pytest.mark.django_db


def lines(*rows: str) -> str:
    return "\n".join(["email,date,amount", *rows])


CLIMB = NewLevelTable(
    (NewLevel("Silver", 1), NewLevel("Gold", 2), NewLevel("Platinum", 3)),
    most_rises=1,
    rises_within_days=30,
)


def test_no_rise_of_history_is_held_or_counted(tmp_path: Path) -> None:
    """Three levels in three days; the next rise at the counter is the first one there."""
    set_levels(CLIMB, actor=as_staff(Role.OWNER))
    program = stamp_spend(switches=Switches(points=1))
    yesterday, before = (database_now().date() - timedelta(days=n) for n in (1, 2))
    importing(tmp_path, lines(f"{WITH},{before},5", f"{WITH},{yesterday},5"), program)
    ann = Customer.objects.get(email=WITH)
    assert (ann.level_rung, ann.level_rises, ann.level_held_at) == (2, [], None)
    session = sold(WITH, program, {"amount": 500})
    ann.refresh_from_db()
    assert (ann.level_rung, len(ann.level_rises), ann.level_held_at) == (3, 1, None)
    find_anomalies()
    assert not Anomaly.objects.exists()
    assert [*wrong_books(), *wrong_rebuilds()] == []
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")
    assert Customer.objects.get(email=WITH).level_rung == 2
    assert [*wrong_books(), *wrong_rebuilds()] == []


def test_what_is_held_at_the_counter_goes_on_waiting(tmp_path: Path) -> None:
    set_levels(CLIMB, actor=as_staff(Role.OWNER))
    program = stamp_spend(switches=Switches(points=1))
    for _ in range(2):
        sold(WITH, program, {"amount": 500})
    held = Customer.objects.get(email=WITH)
    assert (held.level_rung, held.level_held_at is None) == (1, False)
    day = database_now().date() - timedelta(days=1)
    importing(tmp_path, lines(f"{WITH},{day},5"), program)
    after = Customer.objects.get(email=WITH)
    assert (after.level_rung, after.level_held_at) == (1, held.level_held_at)
    assert [*wrong_books(), *wrong_rebuilds()] == []
    find_anomalies()
    row = Anomaly.objects.get()
    assert (row.kind, row.evidence["count"]) == ("level_held", 1)
    review_anomaly(FindingReview(row.pk, ReviewVerdict.APPROVE), actor=as_staff(Role.MANAGER))
    assert Customer.objects.get(email=WITH).level_rung == 3
    assert [*wrong_books(), *wrong_rebuilds()] == []


def test_what_older_imports_held_counts_anew_as_then(tmp_path: Path) -> None:
    """Their lines do not say that the limit was off."""
    set_levels(CLIMB, actor=as_staff(Role.OWNER))
    program = stamp_spend(switches=Switches(points=1))
    importing(tmp_path, lines(f"{WITH},2026-01-01,5", f"{WITH},2026-01-02,5"), program)
    before = past_of(Customer.objects.get(email=WITH))
    assert replay(before.steps, before.known).level_status.level_index == 2
    steps = [replace(each, is_limited=True) for each in before.steps if isinstance(each, PastSale)]
    as_then = [each for each in before.steps if not isinstance(each, PastSale)] + steps
    assert replay(as_then, before.known).level_status.level_index == 1
