"""An undo whose bonus had been given already is a finding at once, and stays one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base.values import Role
from loyalty.cards.debts import Debts, debts
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Anomaly, Card, Event
from loyalty.reviewing.review_anomaly import ReviewVerdict
from loyalty.switches import Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.campaigns import DAY, published, visit
from tests.factories.findings import decide
from tests.factories.people import OWNER, as_staff, staff
from tests.factories.sales import redeemed, sold
from tests.factories.undoing import refund, used
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
FIGURES = "{ debts { cards bonuses abandonedCards abandonedBonuses } }"
NOTHING = Debts(0, 0, 0, 0)


def given_and_undone() -> list[int]:
    """Five codes, their bonus, and all five taken back by the person who made them."""
    sessions = [sold() for _ in range(5)]
    redeemed(Card.objects.get())
    for session in sessions:
        void_session(session, actor=as_staff(), reason=None)
    return sessions


def test_five_codes_whose_bonus_was_given_and_which_are_all_undone() -> None:
    sessions = given_and_undone()
    row = Anomaly.objects.get()
    assert (row.kind, row.status, row.version) == ("owed", "open", 5)
    assert (row.staff_id, row.card_id) == (as_staff().id, Card.objects.get().pk)
    assert row.evidence == {"count": 5, "sessions": sessions}
    assert row.at == Event.objects.filter(kind="voided").latest("id").at
    find_anomalies()
    assert Anomaly.objects.filter(status="open").get() == row


def test_an_undo_whose_bonus_still_waits_is_none() -> None:
    sessions = [sold() for _ in range(5)]
    void_session(sessions[0], actor=as_staff(), reason=None)
    assert not Anomaly.objects.exists()
    assert debts(actor=OWNER) == NOTHING


def test_what_was_decided_stays_decided() -> None:
    sessions = [sold() for _ in range(5)]
    redeemed(Card.objects.get())
    for session in sessions[:3]:
        void_session(session, actor=as_staff(), reason=None)
    assert decide(Anomaly.objects.get(), ReviewVerdict.APPROVE, "spilt coffee").status == "approved"
    void_session(sessions[3], actor=as_staff(), reason=None)
    first, second = Anomaly.objects.order_by("id")
    assert first.evidence["sessions"] == sessions[:3]
    assert (second.status, second.evidence["sessions"]) == ("open", sessions[3:4])
    assert decide(second, ReviewVerdict.VOID, "looked at").status == "voided"


def test_a_refund_lets_nothing_lapse_and_nothing_is_owed() -> None:
    sessions = [sold() for _ in range(5)]
    redemption = redeemed(Card.objects.get())
    void_session(sessions[0], actor=as_staff(), reason=None)
    assert debts(actor=OWNER) == Debts(1, 1, 0, 0)
    refund(redemption)
    assert debts(actor=OWNER) == NOTHING
    assert Anomaly.objects.get().status == "open"


@pytest.mark.parametrize("source", ["welcome", "streak"])
def test_presents_and_streaks(source: str, move_clock: Move) -> None:
    days = StreakRule(window=1, threshold=2)
    program = published(Switches(welcome=Reward(text="Hi"), streak=days))
    first = visit(program).session_id
    move_clock(DAY)
    visit(program)
    used(source)
    void_session(first, actor=as_staff(Role.MANAGER), reason="twice")
    # The present of a welcome is the next visit's: only what nothing gives any more is owed.
    expected = {"owed"} if source == "streak" else set()
    assert set(Anomaly.objects.values_list("kind", flat=True)) == expected
    assert debts(actor=OWNER) == (Debts(1, 1, 0, 0) if source == "streak" else NOTHING)


def test_managers_read_what_is_owed_and_what_nobody_will_pay(move_clock: Move) -> None:
    sessions = [sold() for _ in range(10)]
    for _ in range(2):
        redeemed(Card.objects.get())
    void_session(sessions[0], actor=as_staff(), reason=None)
    assert debts(actor=OWNER) == Debts(1, 1, 0, 0)
    move_clock(timedelta(days=31))
    assert debts(actor=OWNER) == Debts(1, 1, 1, 1)
    move_clock(timedelta(0))
    for session in sessions[1:]:
        void_session(session, actor=as_staff(Role.MANAGER), reason="all")
    assert debts(actor=OWNER) == Debts(1, 2, 1, 2)
    found = told(FIGURES, token=staff(Role.MANAGER).token)
    figures = {"cards": 1, "bonuses": 2, "abandonedCards": 1, "abandonedBonuses": 2}
    assert found.data == figures
    for token in (None, staff().token):
        assert told(FIGURES, token=token).codes <= {"UNAUTHENTICATED", "FORBIDDEN"}
