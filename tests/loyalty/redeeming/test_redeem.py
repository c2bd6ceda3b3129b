"""The handshake: ask, look, decide; nothing is given twice, and nothing by a guess."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from loyalty.base.errors import (
    AlreadyRedeemed,
    CodeUnknown,
    NoBonus,
    NotFound,
    PinLocked,
    ProductRequired,
    RateLimited,
    RedemptionCancelled,
    RedemptionExpired,
    TierNotAllowed,
)
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, SaleLine, StampMode
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Bonus, Card, Event, PinGuard, Product, Program, Redemption
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.redeeming.cancel_redemption import cancel_redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.live_redemption import LiveRedemption
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.redeeming.validation_facts import RedemptionSight
from tests.factories.people import OWNER, as_customer, as_staff, place

pytestmark = pytest.mark.django_db
KEY = "k"
Move = Callable[[timedelta], None]


def full_card(program_id: int | None = None, **sale: Any) -> Card:
    """Ann's card with one waiting bonus."""
    wanted = SaleInput(program_id or place().program_id, place().location_id, **sale)
    for _ in range(1 if sale else 5):
        token = mint(wanted, actor=as_staff(), token_key=KEY).token or ""
        outcome = collect(token, actor=as_customer("ann@alpha.example"), ip="192.0.2.1")
    return Card.objects.get(pk=outcome.card.id)


def query(card: Card, **choice: int) -> LiveRedemption:
    return request_bonus(
        BonusRequest(card.pk, **choice), actor=as_customer("ann@alpha.example"), token_key=KEY
    )


def look(role: Role = Role.STAFF, **which: Any) -> RedemptionSight:
    selector = RedemptionSelector(**which)
    location = place().location_id
    return preview_redemption(
        selector, location_id=location, actor=as_staff(role), ip="192.0.2.1", token_key=KEY
    )


def decide(
    verdict: RedemptionVerdict = RedemptionVerdict.CONFIRMED, role: Role = Role.STAFF, **which: Any
) -> RedemptionSight:
    location = place().location_id
    return decide_redemption(
        RedemptionSelector(**which),
        verdict,
        location_id=location,
        actor=as_staff(role),
        ip="192.0.2.1",
    )


def test_by_pin_or_by_code_staff_see_the_same() -> None:
    card = full_card()
    live = query(card)
    assert (live.seconds_left, len(live.pin or "")) == (90, 4)
    by_pin = look(pin=live.pin, program_id=card.program_id)
    by_code = look(token=live.token)
    assert (by_pin.id, by_pin.bonus, by_pin.progress) == (
        by_code.id,
        by_code.bonus,
        by_code.progress,
    )
    assert "ann" not in repr(by_pin)


def test_confirming_uses_the_bonus_once() -> None:
    card = full_card()
    live = query(card)
    seen = look(token=live.token)
    first = decide(redemption_id=seen.id)
    assert first.status == "confirmed"
    assert Bonus.objects.get().status == "used"
    again = decide(role=Role.MANAGER, redemption_id=seen.id)
    assert (again.status, again.at) == ("confirmed", first.at)
    assert Event.objects.filter(kind="confirmed").count() == 1
    with pytest.raises(AlreadyRedeemed):
        decide(RedemptionVerdict.CANCELLED, redemption_id=seen.id)
    with pytest.raises(NoBonus):
        query(card)
    assert Card.objects.get().version == card.version + 1


@pytest.mark.parametrize("who", ["staff", "customer"])
def test_cancelling_lets_the_bonus_wait_again(who: str) -> None:
    card = full_card()
    live = query(card)
    if who == "staff":
        decide(RedemptionVerdict.CANCELLED, token=live.token)
    else:
        for _ in range(2):
            actor = as_customer("ann@alpha.example")
            assert cancel_redemption(live.id, actor=actor, token_key=KEY).status == "cancelled"
    assert Bonus.objects.get().status == "waiting"
    with pytest.raises(RedemptionCancelled):
        decide(token=live.token)
    assert query(card).id != live.id


def test_asking_again_within_three_minutes_is_the_same_one(move_clock: Move) -> None:
    card = full_card()
    first = query(card)
    move_clock(timedelta(seconds=179))
    again = query(card)
    assert (again.id, again.token, again.pin, again.seconds_left) == (
        first.id,
        first.token,
        first.pin,
        90,
    )
    move_clock(timedelta(seconds=181))
    later = query(card)
    assert later.id != first.id
    with pytest.raises(RedemptionExpired):
        look(token=first.token)
    assert Redemption.objects.filter(status="open").count() == 1


def test_the_ninety_first_second_is_too_late(move_clock: Move) -> None:
    card = full_card()
    live = query(card)
    seen = look(token=live.token)
    move_clock(timedelta(seconds=91))
    with pytest.raises(RedemptionExpired):
        look(token=live.token)
    with pytest.raises(RedemptionExpired):
        look(pin=live.pin, program_id=card.program_id)
    with pytest.raises(RedemptionExpired):
        decide(redemption_id=seen.id)
    assert Bonus.objects.get().status == "waiting"


def test_an_id_that_nobody_looked_at_decides_nothing() -> None:
    live = query(full_card())
    with pytest.raises(NotFound):
        decide(redemption_id=live.id)
    assert Bonus.objects.get().status == "waiting"


def test_five_wrong_pins_close_entry_for_that_person_only(move_clock: Move) -> None:
    card = full_card()
    live = query(card)
    wrong = "0000" if live.pin != "0000" else "1111"
    for _ in range(5):
        with pytest.raises(CodeUnknown):
            look(pin=wrong, program_id=card.program_id)
    with pytest.raises(PinLocked) as refused:
        look(pin=live.pin, program_id=card.program_id)
    assert refused.value.retry_at is not None
    assert Event.objects.filter(kind="pin_closed").count() == 1
    assert look(token=live.token).status == "open"
    assert look(Role.MANAGER, pin=live.pin, program_id=card.program_id).status == "open"
    move_clock(timedelta(minutes=15, seconds=1))
    live = query(card)
    assert look(pin=live.pin, program_id=card.program_id).status == "open"


def test_a_dead_pin_is_told_from_a_wrong_one_and_not_counted(move_clock: Move) -> None:
    card = full_card()
    live = query(card)
    move_clock(timedelta(seconds=100))
    for _ in range(6):
        with pytest.raises(RedemptionExpired):
            look(pin=live.pin, program_id=card.program_id)


def test_a_pin_counts_in_its_own_program_only() -> None:
    card = full_card()
    live = query(card)
    other = publish_program(
        NewProgram(
            "Cake",
            "EUR",
            Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5),
            gives="Cake",
        ),
        actor=OWNER,
    )
    with pytest.raises(CodeUnknown):
        look(pin=live.pin, program_id=other.pk)


def test_ten_new_ones_a_minute() -> None:
    card = full_card()
    for _ in range(10):
        live = query(card)
        cancel_redemption(live.id, actor=as_customer("ann@alpha.example"), token_key=KEY)
    with pytest.raises(RateLimited):
        query(card)


def test_a_refund_lets_the_bonus_wait_again() -> None:
    card = full_card()
    live = query(card)
    decide(token=live.token)
    for _ in range(2):
        found = refund_redemption(
            live.id, reason="spilt", actor=as_staff(Role.MANAGER), token_key=KEY
        )
        assert found.status == "refunded"
    assert Bonus.objects.get().status == "waiting"
    assert Event.objects.filter(kind="refunded").count() == 1
    assert query(card).id != live.id


def test_somebody_elses_card_is_not_found() -> None:
    card = full_card()
    bob = as_customer("bob@alpha.example")
    with pytest.raises(NotFound):
        request_bonus(BonusRequest(card.pk), actor=bob, token_key=KEY)
    live = query(card)
    with pytest.raises(NotFound):
        cancel_redemption(live.id, actor=bob, token_key=KEY)
    assert Redemption.objects.get().status == "open"


def test_a_menu_allows_the_tier_and_below() -> None:
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, threshold=5)
    menu = (
        MenuTier("Starter", ("Soup",)),
        MenuTier("Main", ("Pasta",)),
        MenuTier("Top", ("Steak",)),
    )
    program: Program = publish_program(NewProgram("Lunch", "EUR", rules, menu=menu), actor=OWNER)
    numbers = {found.name: found.pk for found in Product.objects.filter(program=program)}
    card = full_card(program.pk, lines=(SaleLine(numbers["Pasta"], 5),))
    with pytest.raises(ProductRequired):
        query(card)
    with pytest.raises(TierNotAllowed):
        query(card, product_id=numbers["Steak"])
    live = query(card, product_id=numbers["Pasta"])
    changed = query(card, product_id=numbers["Soup"])
    assert (changed.id, changed.product_id) == (live.id, numbers["Soup"])


@pytest.mark.parametrize("end", ["confirmed", "cancelled", "by the customer", "over", "replaced"])
def test_a_pin_is_nowhere_at_rest(end: str, move_clock: Move) -> None:
    card = full_card()
    live = query(card)
    assert not columns_with(live.pin or "")
    if end == "confirmed":
        decide(token=live.token)
    elif end == "cancelled":
        decide(RedemptionVerdict.CANCELLED, token=live.token)
    elif end == "by the customer":
        actor = as_customer("ann@alpha.example")
        cancel_redemption(live.id, actor=actor, token_key=KEY)
    else:
        move_clock(timedelta(minutes=3))
        if end == "replaced":
            assert query(card).id != live.id
    assert not columns_with(live.pin or "")
    # For three minutes it is still told from a PIN that never was, and not counted.
    with pytest.raises((AlreadyRedeemed, RedemptionCancelled, RedemptionExpired)):
        look(pin=live.pin, program_id=card.program_id)
    assert [each.wrong for each in PinGuard.objects.all()] == [{}] * PinGuard.objects.count()


def columns_with(pin: str) -> set[str]:
    """The columns that hold the PIN, or a hash that anybody could make of it."""
    hashes = {sha256(pin.encode()).digest(), pin.encode()}
    return {
        name
        for row in Redemption.objects.values()
        for name, value in row.items()
        if value == pin or (isinstance(value, memoryview | bytes) and bytes(value) in hashes)
    }
