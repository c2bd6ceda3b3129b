"""A manager decides: approved, or everything taken back; once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base.access import NotAllowed
from loyalty.base.errors import InvalidInput, NotFound, VersionConflict
from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import (
    Anomaly,
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    Event,
)
from loyalty.reviewing.review_anomaly import FindingReview, ReviewVerdict, review_anomaly
from loyalty.undoing.void_session import void_session
from tenants import context
from tests.factories.findings import decide, everything, held, often
from tests.factories.people import as_staff
from tests.factories.sales import sold

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]


def test_approving_changes_nothing_but_the_list() -> None:
    row, _ = often()
    before = everything()[1:7]
    after = decide(row, ReviewVerdict.APPROVE, "a party")
    assert (after.status, after.reason, after.decided_by) == (
        "approved",
        "a party",
        as_staff(Role.MANAGER).id,
    )
    assert everything()[1:7] == before
    line = Event.objects.get(kind="reviewed")
    assert line.details is not None
    assert (line.details["verdict"], line.details["anomaly"], line.staff_id) == (
        "approved",
        row.pk,
        as_staff(Role.MANAGER).id,
    )
    assert line.card_id is None


def test_void_takes_back_every_session_of_the_evidence_in_one_go() -> None:
    row, sessions = often()
    other = sold(email="bob@alpha.example")
    void_session(sessions[2], actor=as_staff(), reason=None)
    after = decide(row, ReviewVerdict.VOID, "not a guest")
    assert after.status == "voided"
    states = dict(EarnSession.objects.values_list("id", "status"))
    assert {states[number] for number in sessions} == {"voided"}
    assert states[other] == "collected"
    voids = Event.objects.filter(kind="voided").order_by("id")
    reasons = [(each.details or {})["reason"] for each in voids]
    assert reasons == ["", *["not a guest"] * 5]
    ann = Card.objects.get(customer__email="ann@alpha.example")
    assert (ann.visits, Counter.objects.get(card=ann).open) == (0, 0)
    assert Bonus.objects.get().status == "void"
    assert list(wrong_books()) == []


def test_what_was_interrupted_goes_on_when_it_is_asked_again() -> None:
    row, sessions = often()
    # As if the process had ended right behind the decision, and behind the first undo.
    void_session(sessions[0], actor=as_staff(Role.MANAGER), reason="not a guest")
    Anomaly.objects.update(
        status="voided", decided_by=as_staff(Role.MANAGER).id, decided_at=row.at, reason="no guest"
    )
    for _ in range(2):
        again = decide(row, ReviewVerdict.APPROVE, "again", Role.OWNER)
        assert (again.status, again.reason) == ("voided", "no guest")
    states = set(EarnSession.objects.values_list("status", flat=True))
    assert states == {"voided"}
    assert Event.objects.filter(kind="voided").count() == 6
    last = Event.objects.filter(kind="voided").order_by("-id")[0]
    assert (last.details or {})["reason"] == "no guest"


def test_the_first_decision_stands() -> None:
    row, _ = often()
    first = decide(row, ReviewVerdict.APPROVE)
    before = everything()
    for verdict, role in ((ReviewVerdict.APPROVE, Role.MANAGER), (ReviewVerdict.VOID, Role.OWNER)):
        again = decide(row, verdict, "no", role)
        assert (again.status, again.decided_by, again.decided_at) == (
            "approved",
            first.decided_by,
            first.decided_at,
        )
    assert everything() == before


def test_void_needs_a_reason_and_what_was_shown() -> None:
    row, _ = often()
    before = everything()
    with pytest.raises(InvalidInput):
        decide(row, ReviewVerdict.VOID, " ")
    with pytest.raises(VersionConflict):
        decide(row, ReviewVerdict.VOID, "no", version=row.version - 1)
    assert everything() == before
    assert decide(row, ReviewVerdict.VOID, "no", version=row.version).status == "voided"


def test_what_was_decided_is_not_raised_again_and_what_follows_is(move_clock: Move) -> None:
    row, _ = often()
    decide(row, ReviewVerdict.APPROVE)
    move_clock(timedelta(hours=1))
    for _ in range(5):
        sold()
    assert find_anomalies() == 0
    last = sold()
    assert find_anomalies() == 1
    fresh = Anomaly.objects.get(status="open")
    assert fresh.evidence["count"] == 6
    assert last in fresh.evidence["sessions"]
    assert not set(fresh.evidence["sessions"]) & set(row.evidence["sessions"])


def test_an_approved_level_counts_from_now_on_with_its_gift() -> None:
    row = held()
    ann = Customer.objects.get(email="ann@alpha.example")
    assert (ann.level_rung, ann.level_held_at is not None) == (1, True)
    card = Card.objects.get()
    decide(row, ReviewVerdict.APPROVE)
    after = Customer.objects.get(pk=ann.pk)
    assert (after.level_rung, after.level_held_at) == (2, None)
    assert len(after.level_rises) == 2
    decided = Anomaly.objects.get()
    assert after.level_trusted_at == decided.decided_at
    bonus = Bonus.objects.get()
    assert (bonus.source, bonus.title, bonus.card_id, bonus.status) == (
        "level",
        "A cake",
        card.pk,
        "waiting",
    )
    assert bonus.expires_at is not None
    assert Card.objects.get().version == card.version + 1
    line = Event.objects.get(kind="reviewed")
    assert line.details is not None
    assert (line.card_id, line.details["bonuses"]) == (card.pk, [bonus.pk])
    before = everything()
    decide(row, ReviewVerdict.APPROVE)
    assert everything() == before


def test_a_rejected_level_is_held_no_longer_and_not_given() -> None:
    row = held()
    before = everything()[1:6]
    decide(row, ReviewVerdict.VOID, "too fast")
    ann = Customer.objects.get(email="ann@alpha.example")
    assert (ann.level_rung, ann.level_held_at, ann.level_trusted_at) == (1, None, None)
    assert everything()[1:6] == before
    assert find_anomalies() == 0


@pytest.mark.parametrize("verdict", list(ReviewVerdict))
def test_staff_and_other_businesses_find_nothing(verdict: ReviewVerdict) -> None:
    row, _ = often()
    before = everything()
    with pytest.raises(NotAllowed):
        decide(row, verdict, "no", Role.STAFF)
    for role in (Role.MANAGER, Role.OWNER):
        with context.business("beta"), pytest.raises(NotFound):
            decide(row, verdict, "no", role)
    with pytest.raises(NotFound):
        review_anomaly(FindingReview(row.pk + 99, verdict, "no"), actor=as_staff(Role.OWNER))
    assert everything() == before
