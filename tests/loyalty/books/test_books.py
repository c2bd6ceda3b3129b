"""The books agree after everything that can be done, and every planted error is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Bonus, Counter, EarnSession, Redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from tests.factories.people import as_customer, as_staff, place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _busy_day() -> None:
    """Twelve visits, one bonus used, one given back."""
    where, ann = place(), as_customer("ann@alpha.example")
    for _ in range(12):
        wanted = SaleInput(where.program_id, where.location_id)
        token = mint(wanted, actor=as_staff(), token_key="k").token or ""
        card = collect(token, actor=ann, ip="192.0.2.1").card
    for is_given_back in (False, True):
        live = request_bonus(BonusRequest(card.id), actor=ann, token_key="k")
        decide_redemption(
            RedemptionSelector(token=live.token),
            RedemptionVerdict.CONFIRMED,
            location_id=where.location_id,
            actor=as_staff(),
            ip="192.0.2.1",
        )
        if is_given_back:
            manager = as_staff(Role.MANAGER)
            refund_redemption(live.id, reason="spilt", actor=manager, token_key="k")


def test_a_busy_day_leaves_them_right() -> None:
    assert list(wrong_books()) == []


def test_a_changed_counter_is_found() -> None:
    Counter.objects.update(open=F("open") + 1)
    (found,) = wrong_books()
    assert found.what == "a counter is not the sum of its entries"
    assert (found.found, found.expected) == (2, 3)


def test_a_session_without_its_event_is_found() -> None:
    where = place()
    wanted = SaleInput(where.program_id, where.location_id)
    made = mint(wanted, actor=as_staff(), token_key="k")
    EarnSession.objects.filter(pk=made.id).update(
        status="collected", collected_at=made.now, outcome={}
    )
    assert [each.number for each in wrong_books()] == [made.id]


def test_a_bonus_that_nobody_redeemed_is_found() -> None:
    Bonus.objects.filter(status="waiting").update(status="used")
    assert {each.what for each in wrong_books()} == {
        "a bonus was used without one confirmed redemption"
    }
    Bonus.objects.update(status="waiting")
    assert Redemption.objects.filter(status="confirmed").count() == 1
    assert {each.what for each in wrong_books()} == {
        "a redemption was confirmed and its bonus not used"
    }


def test_the_command_says_so() -> None:
    out, err = StringIO(), StringIO()
    call_command("verify_ledger", stdout=out, stderr=err)
    assert out.getvalue().splitlines() == ["1/2 alpha: nothing wrong", "2/2 beta: nothing wrong"]
    Counter.objects.update(open=F("open") + 1)
    with pytest.raises(CommandError, match="2 wrong"):
        call_command("verify_ledger", "alpha", stdout=out, stderr=err)
    with pytest.raises(CommandError, match="no business"):
        call_command("verify_ledger", "nobody")
