"""Findings that nothing is left of close by themselves."""

import pytest

from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Anomaly, Customer, EarnSession, Event, ReviewMark
from loyalty.reviewing.review_anomaly import ReviewVerdict
from loyalty.undoing.void_session import void_session
from tests.factories.findings import decide, everything, held, often
from tests.factories.people import as_staff, place
from tests.factories.sales import sold

pytestmark = pytest.mark.django_db


def test_a_held_level_closes_in_the_undo_of_its_sale() -> None:
    row = held()
    (session,) = row.evidence["sessions"]
    void_session(session, actor=as_staff(), reason=None)
    after = Anomaly.objects.get()
    undo = Event.objects.get(kind="voided")
    assert (after.status, after.decided_by, after.decided_at) == ("lapsed", None, undo.at)
    assert (undo.details or {})["undone"] == {"is_rise_gone": True}
    before = everything()
    for verdict in ReviewVerdict:
        assert decide(row, verdict, "late").status == "lapsed"
    assert everything() == before
    assert find_anomalies() == 0


def test_a_held_level_stays_while_another_sale_holds_it() -> None:
    row = held()
    more = sold(preset_id=place().preset_id)
    find_anomalies()
    void_session(more, actor=as_staff(), reason=None)
    after = Anomaly.objects.get()
    assert (after.status, after.pk) == ("open", row.pk)
    assert decide(after, ReviewVerdict.APPROVE).outcome is not None
    assert Customer.objects.get(email="ann@alpha.example").level_rung == 2


def test_a_decision_about_a_level_that_was_let_go_meanwhile_decides_nothing() -> None:
    row = held()
    # As if the undo had not seen the finding, which was found at that very moment.
    Customer.objects.update(level_held_at=None)
    before = everything()[1:]
    assert decide(row, ReviewVerdict.APPROVE).status == "lapsed"
    assert everything()[1:] == before


def test_the_next_look_closes_what_the_undo_did_not_see() -> None:
    held()
    Customer.objects.update(level_held_at=None)
    sold(email="bob@alpha.example")
    assert find_anomalies() == 0
    assert Anomaly.objects.get().status == "lapsed"


def test_an_undo_before_the_look_leaves_nothing_to_find() -> None:
    held()
    Anomaly.objects.all().delete()
    ReviewMark.objects.all().delete()
    void_session(EarnSession.objects.latest("id").pk, actor=as_staff(), reason=None)
    assert find_anomalies() == 0
    assert not Anomaly.objects.exists()


def test_a_finding_whose_sales_are_all_gone_closes_by_itself() -> None:
    row, sessions = often()
    for session in sessions[:-1]:
        void_session(session, actor=as_staff(), reason=None)
    assert Anomaly.objects.get().status == "open"
    void_session(sessions[-1], actor=as_staff(), reason=None)
    assert Anomaly.objects.get().status == "lapsed"
    before = everything()
    assert decide(row, ReviewVerdict.VOID, "late").status == "lapsed"
    assert everything() == before
    assert find_anomalies() == 0
