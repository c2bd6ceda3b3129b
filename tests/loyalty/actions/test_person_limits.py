"""Limits of a customer count the person, at whichever of their addresses (SPEC section 6)."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty.actions.collect import collect
from loyalty.actions.mint import SaleInput, mint
from loyalty.actions.queue_session import Stranger, queue_session
from loyalty.actions.request_bonus import Request, request_bonus
from loyalty.actions.request_link import Asker, request_link
from loyalty.actions.void_session import void_session
from loyalty.errors import Cooldown, DailyCap, QueueFull, RateLimited, Refused
from loyalty.models import Bonus, Card, EarnSession, QueuedSession, SignInLink
from loyalty.switches import Switches
from tests.clock import clock_at
from tests.people import as_customer, as_staff, customer, place
from tests.perks import IP, KEY, Shop, Wanted, shop

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 6, 1, 10, tzinfo=UTC)
ADDRESSES = ["cy@gmail.com", *(f"c.y+{n}@googlemail.com" for n in range(14))]


def visits(here: Shop) -> int:
    return sum(Card.objects.filter(program=here.program).values_list("visits", flat=True))


def known(addresses: list[str]) -> None:
    for address in addresses:
        customer(address)


def test_a_day_s_cap_holds_for_fifteen_addresses_of_one_mailbox() -> None:
    here = shop(Switches(daily_cap=5))
    known([*ADDRESSES, "dee@gmail.com"])
    clock_at(NOON)
    refused = []
    for address in ADDRESSES:
        try:
            here.visit(address)
        except DailyCap as refusal:
            refused.append(refusal.details)
    assert (visits(here), refused) == (5, [{"limit": 5}] * 10)
    # Somebody else's day is their own, and tomorrow is another one.
    here.visit("dee@gmail.com")
    clock_at(NOON + timedelta(days=1))
    here.visit(ADDRESSES[9])
    assert visits(here) == 7


def test_a_cooldown_holds_for_all_addresses_and_ends_for_all() -> None:
    here = shop(wanted=Wanted(preset={"cooldown_minutes": 60}))
    known([*ADDRESSES, "dee@gmail.com"])
    clock_at(NOON)
    here.visit(ADDRESSES[0])
    here.visit("dee@gmail.com")
    for address in ADDRESSES:
        with pytest.raises(Cooldown):
            here.visit(address)
    clock_at(NOON + timedelta(minutes=61))
    here.visit(ADDRESSES[1])
    assert visits(here) == 3


def test_a_visit_that_was_taken_back_makes_room_for_another_address() -> None:
    here = shop(Switches(daily_cap=1))
    known(ADDRESSES[:2])
    first = here.visit(ADDRESSES[0])
    with pytest.raises(DailyCap):
        here.visit(ADDRESSES[1])
    void_session(first["session"], actor=as_staff(), reason="")
    here.visit(ADDRESSES[1])


def test_what_waits_is_limited_for_all_addresses() -> None:
    where = place()
    taken: list[str] = []
    full = []
    for address in ADDRESSES:
        wanted = SaleInput(where.program_id, where.location_id)
        token = mint(wanted, actor=as_staff(), token_key=KEY).token or ""
        try:
            queue_session(token, typed=address, who=Stranger(ip=IP), token_key=KEY)
            taken.append(address)
        except QueueFull as refusal:
            full.append(refusal.details)
    assert full == [{"limit": 5}] * 10
    assert taken == ADDRESSES[:5]
    assert QueuedSession.objects.filter(mailbox="cy@gmail.com").count() == 5
    assert EarnSession.objects.filter(status="open").count() == 10


def test_mails_are_limited_for_all_addresses() -> None:
    sent = 0
    for number, address in enumerate(ADDRESSES):
        try:
            who = Asker(f"192.0.2.{number}", "en")
            request_link(address, who=who, token_key=KEY)
            sent += 1
        except RateLimited:
            pass
    assert (sent, SignInLink.objects.count()) == (3, 3)


def test_requests_for_bonuses_are_limited_for_all_addresses() -> None:
    here = shop(wanted=Wanted(threshold=1))
    known(ADDRESSES)
    clock_at(NOON)
    answers: list[str] = []
    for address in ADDRESSES:
        here.visit(address)
        bonus = Bonus.objects.get(card=here.card(address))
        try:
            wanted = Request(here.card(address).pk, bonus.pk)
            request_bonus(wanted, actor=as_customer(address), token_key=KEY)
            answers.append("made")
        except Refused as refused:
            answers.append(refused.code)
    assert answers == ["made"] * 10 + ["RATE_LIMITED"] * 5


def test_a_queued_scan_is_judged_with_what_another_address_collected() -> None:
    here = shop(Switches(daily_cap=1))
    known(ADDRESSES[:2])
    token = here.token()
    queue_session(token, typed=ADDRESSES[0], who=Stranger(ip=IP), token_key=KEY)
    here.visit(ADDRESSES[1])
    with pytest.raises(DailyCap):
        collect(token, actor=as_customer(ADDRESSES[0]), ip=IP)
    assert visits(here) == 1
