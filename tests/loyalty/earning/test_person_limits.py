"""Limits of a customer count the person, at whichever of their addresses.

Rules: docs/rules.md#a-collect-step-by-step.
"""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import loyalty
from loyalty.base.errors import Cooldown, DailyCap, QueueFull, RateLimited, Refused
from loyalty.base.values import Role
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Anomaly, Bonus, Card, Customer, EarnSession, QueuedSession, SignInLink
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.reviewing.review_anomaly import FindingReview, ReviewVerdict, review_anomaly
from loyalty.switches import Switches
from loyalty.undoing.void_session import void_session
from loyalty.waiting.queue_session import QueueAsker, queue_session
from loyalty.waiting.request_link import LinkAsker, request_link
from tests.factories.campaigns import books_are_right
from tests.factories.people import as_customer, as_staff, customer, place
from tests.factories.perks import IP, KEY, Shop, Wanted, shop
from tests.harness.clock import clock_at

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
    void_session(first.session_id, actor=as_staff(), reason="")
    here.visit(ADDRESSES[1])


def test_what_waits_is_limited_for_all_addresses() -> None:
    where = place()
    taken: list[str] = []
    full = []
    for address in ADDRESSES:
        wanted = SaleInput(where.program_id, where.location_id)
        token = mint(wanted, actor=as_staff(), token_key=KEY).token or ""
        try:
            queue_session(token, typed=address, who=QueueAsker(ip=IP), token_key=KEY)
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
            who = LinkAsker(f"192.0.2.{number}", "en")
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
            wanted = BonusRequest(here.card(address).pk, bonus.pk)
            request_bonus(wanted, actor=as_customer(address), token_key=KEY)
            answers.append("made")
        except Refused as refused:
            answers.append(refused.code)
    assert answers == ["made"] * 10 + ["RATE_LIMITED"] * 5


def test_a_queued_scan_is_judged_with_what_another_address_collected() -> None:
    here = shop(Switches(daily_cap=1))
    known(ADDRESSES[:2])
    token = here.token()
    queue_session(token, typed=ADDRESSES[0], who=QueueAsker(ip=IP), token_key=KEY)
    here.visit(ADDRESSES[1])
    with pytest.raises(DailyCap):
        collect(token, actor=as_customer(ADDRESSES[0]), ip=IP)
    assert visits(here) == 1


def rise(here: Shop, address: str) -> tuple[int, bool]:
    """One visit that reaches the first level: its index afterwards, and whether it is held."""
    here.visit(address)
    found = Customer.objects.get(email=address)
    return found.level_rung, found.level_held_at is not None


def test_rises_are_limited_for_all_addresses() -> None:
    """With two addresses a person rose twice as often; what was held stays so, and is proven."""
    here = shop(wanted=Wanted(preset={"points": 1}))
    set_levels(
        NewLevelTable((NewLevel("Silver", threshold=1),), most_rises=2), actor=as_staff(Role.OWNER)
    )
    known([*ADDRESSES[:4], "dee@gmail.com"])
    clock_at(NOON)
    risen = [rise(here, address) for address in ADDRESSES[:4]]
    assert risen == [(1, False), (1, False), (0, True), (0, True)]
    assert rise(here, "dee@gmail.com") == (1, False)
    assert not list(wrong_rebuilds())
    assert find_anomalies() == 2
    # A sale is taken back and the rise with it: what was held stays held until the next visit.
    first = EarnSession.objects.order_by("id")[0]
    void_session(first.pk, actor=as_staff(Role.MANAGER), reason="again")
    assert Customer.objects.get(email=ADDRESSES[0]).level_rises == []
    assert not list(wrong_rebuilds())
    assert rise(here, ADDRESSES[2]) == (1, False)
    # A manager's word opens it whatever the others did.
    finding = Anomaly.objects.get(customer_id=as_customer(ADDRESSES[3]).id)
    review_anomaly(FindingReview(finding.pk, ReviewVerdict.APPROVE), actor=as_staff(Role.OWNER))
    assert Customer.objects.get(email=ADDRESSES[3]).level_rung == 1
    clock_at(NOON + timedelta(days=31))
    known(ADDRESSES[4:5])
    assert rise(here, ADDRESSES[4]) == (1, False)
    assert not list(wrong_rebuilds())
    assert books_are_right()


def test_one_staff_member_too_often_for_all_addresses() -> None:
    here = shop()
    known([*ADDRESSES[:6], "dee@gmail.com"])
    clock_at(NOON)
    for address in ("dee@gmail.com", *ADDRESSES[:5]):
        here.visit(address)
    assert find_anomalies() == 0
    # In a run of its own: what lies before it is looked up.
    here.visit(ADDRESSES[5])
    assert find_anomalies() == 1
    row = Anomaly.objects.get()
    cards = Card.objects.filter(customer__mailbox="cy@gmail.com")
    named = EarnSession.objects.filter(pk__in=row.evidence["sessions"])
    assert row.kind == "often"
    assert {each.customer_id for each in named} == {each.customer_id for each in cards}
    assert row.card_id == here.card(ADDRESSES[5]).pk
    # Decided is decided: the same sales are no news to the next run.
    review_anomaly(FindingReview(row.pk, ReviewVerdict.APPROVE), actor=as_staff(Role.OWNER))
    here.visit(ADDRESSES[0])
    assert find_anomalies() == 0


# Keys and subjects that name a customer's address or card, and why it is not the person.
BY_ADDRESS = {
    "earning/collect.py: actor.key": "failed look-ups: 128 bits are not guessed in any number",
    "base/events.py: card_id": "the topic of one card, which its page follows",
    "findings/find_owed.py: undo.card_id": "what a card owes, it owes alone",
    "findings/anomalies.py: each.customer_id": "a held level is decided for its own address",
}
NAMES = {"customer_id", "card_id", "key"}
# A column's name in SQL, and a link in a mail.
NO_KEYS = {"db/roundtrip.py: key", "jobs.py: ending.card_id"}


def test_every_key_made_of_a_customer_is_the_person_s_or_has_a_reason() -> None:
    """What is counted or found under a name made of a customer's row is one address's alone."""
    found = set()
    root = Path(loyalty.__file__).parent
    for file in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.JoinedStr):
                parts = [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
                names = [ast.unparse(part) for part in parts]
                where = file.relative_to(root)
                found |= {f"{where}: {n}" for n in names if n.rpartition(".")[2] in NAMES}
    staff = {
        "redeeming/decide_redemption.py: actor.key",
        "redeeming/preview_redemption.py: actor.key",
    }
    assert found - staff - NO_KEYS == set(BY_ADDRESS)
