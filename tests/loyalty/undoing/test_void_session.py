"""Undo: as if the sale had not happened, by entries that are only added."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from loyalty.base.errors import InvalidInput, NotFound, SessionVoided, UndoTooLate
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.db.roundtrip import database_now
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import (
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    Event,
    LedgerEntry,
    QueuedSession,
)
from loyalty.programs.publish_program import NewProgram, publish_program, usual_surplus
from loyalty.programs.publish_version import publish_version
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.switches import BirthdayRule, Switches
from loyalty.undoing.void_session import void_session
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories.people import OWNER, as_customer, as_staff, place

pytestmark = pytest.mark.django_db
IP = "192.0.2.1"


def sold(program_id: int | None = None, **sale: Any) -> tuple[int, str, Any]:
    """A collected sale: the session, its token and what it gave."""
    wanted = SaleInput(program_id or place().program_id, place().location_id, **sale)
    made = mint(wanted, actor=as_staff(), token_key="k")
    token = made.token or ""
    return made.id, token, collect(token, actor=as_customer("ann@alpha.example"), ip=IP)


def take_back(session_id: int, role: Role = Role.STAFF, reason: str | None = None) -> None:
    void_session(session_id, actor=as_staff(role), reason=reason)


def card_now() -> tuple[int, int, int, int, int]:
    """Open, debt, visits, points, waiting bonuses."""
    card, counter = Card.objects.get(), Counter.objects.get()
    waiting = Bonus.objects.filter(status="waiting").count()
    return counter.open, counter.debt, card.visits, card.points, waiting


def test_any_one_of_six_may_be_taken_back() -> None:
    sessions = [sold()[0] for _ in range(6)]
    assert card_now() == (1, 0, 6, 0, 1)
    take_back(sessions[2])
    assert card_now() == (0, 0, 5, 0, 1)
    take_back(sessions[5])
    assert card_now() == (4, 0, 4, 0, 0)
    assert list(wrong_books()) == []
    kinds = LedgerEntry.objects.filter(kind="void").order_by("card_version", "line")
    assert list(kinds.values_list("units", flat=True)) == [-1, -1, 5]


def test_a_bonus_that_is_gone_becomes_a_debt_that_the_next_units_pay() -> None:
    sessions = [sold() for _ in range(5)]
    live = request_bonus(
        BonusRequest(sessions[4][2].card.id),
        actor=as_customer("ann@alpha.example"),
        token_key="k",
    )
    decide_redemption(
        RedemptionSelector(token=live.token),
        RedemptionVerdict.CONFIRMED,
        location_id=place().location_id,
        actor=as_staff(),
        ip=IP,
    )
    take_back(sessions[4][0])
    assert card_now()[:2] == (0, 1)
    sold()
    assert card_now()[:2] == (0, 0)
    sold()
    assert card_now()[:2] == (1, 0)
    assert list(wrong_books()) == []


def test_money_that_was_forfeited_comes_back() -> None:
    rules = Mechanic(
        BonusModel.CUMULATIVE_SPEND,
        Mode.SIMPLE,
        StampMode.PER_AMOUNT,
        threshold=5000,
        surplus=usual_surplus(BonusModel.CUMULATIVE_SPEND),
    )
    program = publish_program(NewProgram("Spend", "EUR", rules, gives="Lunch"), actor=OWNER)
    sold(program.pk, amount=4000)
    last, _, _ = sold(program.pk, amount=3000)
    assert card_now()[0] == 0
    take_back(last)
    assert card_now() == (4000, 0, 1, 0, 0)
    assert list(wrong_books()) == []


def test_repeating_it_changes_nothing_and_nobody_collects_it_again() -> None:
    session, token, _ = sold()
    take_back(session)
    before = list(LedgerEntry.objects.values()), list(Event.objects.values())
    take_back(session)
    assert (list(LedgerEntry.objects.values()), list(Event.objects.values())) == before
    with pytest.raises(SessionVoided):
        collect(token, actor=as_customer("ann@alpha.example"), ip=IP)


def test_an_open_or_queued_one_simply_dies() -> None:
    wanted = SaleInput(place().program_id, place().location_id)
    for is_queued in (False, True):
        made = mint(wanted, actor=as_staff(), token_key="k")
        if is_queued:
            who = QueueAsker(ip=IP)
            queue_session(made.token or "", typed="x@y.example", who=who, token_key="k")
        take_back(made.id)
        assert EarnSession.objects.get(pk=made.id).status == "voided"
    assert not QueuedSession.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_who_may_and_until_when(move_clock: Callable[[timedelta], None]) -> None:
    wanted = SaleInput(place().program_id, place().location_id)
    managers = mint(wanted, actor=as_staff(Role.MANAGER), token_key="k")
    with pytest.raises(NotFound):
        take_back(managers.id)
    session, _, _ = sold()
    with pytest.raises(InvalidInput):
        take_back(session, Role.MANAGER)
    move_clock(timedelta(minutes=10))
    with pytest.raises(UndoTooLate):
        take_back(session)
    assert card_now()[0] == 1
    take_back(session, Role.MANAGER, reason="typed twice")
    assert card_now()[0] == 0
    assert Event.objects.get(kind="voided").details == {
        "reason": "typed twice",
        "was": "collected",
        "owed": {"units": [], "bonuses": 0, "streaks": 0},
        "undone": {},
    }


def test_better_numbers_that_a_card_took_up_stay_when_its_newest_sale_goes() -> None:
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=10)
    program = publish_program(NewProgram("Ten", "EUR", rules, gives="Tea"), actor=OWNER)
    sessions = [sold(program.pk)[0] for _ in range(2)]
    better = publish_version(program.pk, replace(rules, threshold=5), actor=OWNER).version
    take_back(sessions[-1])
    assert Card.objects.get().promise == better


def test_a_birthday_bonus_goes_with_its_sale_though_the_birthday_is_gone() -> None:
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=10)
    given = Switches(birthday=BirthdayRule(days_before=30, days_after=30, min_past_bonuses=0))
    program = publish_program(
        NewProgram("Ten", "EUR", rules, gives="Tea", switches=given), actor=OWNER
    )
    today = database_now().date()
    ann = Customer.objects.filter(email="ann@alpha.example")
    ann.update(birth_month=today.month, birth_day=min(today.day, 28))
    session, _, outcome = sold(program.pk)
    assert [bonus.source for bonus in outcome.bonuses] == ["birthday"]
    ann.update(birth_month=None, birth_day=None)
    assert list(wrong_rebuilds()) == []
    take_back(session)
    assert card_now()[4] == 0
    assert list(wrong_rebuilds()) == []
