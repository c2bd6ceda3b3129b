"""A key is no secret: with another's, people get answers of their own, or what strangers get."""

import re

import pytest

from loyalty.base.errors import AlreadyCollected, EmailRequired, NotFound
from loyalty.base.values import Role
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, IdempotencyKey
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories.people import as_customer, as_staff, place
from tests.harness.servers import ROOT

pytestmark = pytest.mark.django_db
TOKEN_KEY, KEY, IP = "k", "a key that somebody guessed", "192.0.2.1"
ANN, BOB = "ann@alpha.example", "bob@alpha.example"


def sale() -> SaleInput:
    where = place()
    return SaleInput(where.program_id, where.location_id)


def test_every_kept_answer_belongs_to_an_actor() -> None:
    used = {
        path.name: re.findall(r"RepeatableRequest\(([^)]*)\)", path.read_text())
        for path in (ROOT / "loyalty").rglob("*.py")
    }
    found = {name: calls for name, calls in used.items() if calls}
    assert set(found) == {"mint.py", "collect.py", "request_bonus.py", "reopen_pins.py"}
    assert all("actor=actor.key" in call for calls in found.values() for call in calls)


def test_a_colleague_gets_a_sale_of_their_own() -> None:
    mine = mint(sale(), actor=as_staff(), token_key=TOKEN_KEY, idempotency_key=KEY)
    again = mint(sale(), actor=as_staff(), token_key=TOKEN_KEY, idempotency_key=KEY)
    assert (again.id, again.token) == (mine.id, mine.token)
    theirs = mint(sale(), actor=as_staff(Role.MANAGER), token_key=TOKEN_KEY, idempotency_key=KEY)
    assert theirs.id != mine.id
    assert theirs.token != mine.token


def test_another_customer_gets_what_strangers_get() -> None:
    for _ in range(5):
        shown = mint(sale(), actor=as_staff(), token_key=TOKEN_KEY).token or ""
        key = f"{KEY} {shown}"
        collect(shown, actor=as_customer(ANN), ip=IP, idempotency_key=key)
        with pytest.raises(AlreadyCollected):
            collect(shown, actor=as_customer(BOB), ip=IP, idempotency_key=key)
    wanted = BonusRequest(Card.objects.get().pk)
    live = request_bonus(wanted, actor=as_customer(ANN), token_key=TOKEN_KEY, idempotency_key=KEY)
    assert live.pin
    with pytest.raises(NotFound):
        request_bonus(wanted, actor=as_customer(BOB), token_key=TOKEN_KEY, idempotency_key=KEY)
    assert set(IdempotencyKey.objects.values_list("actor", flat=True)) == {as_customer(ANN).key}


@pytest.mark.parametrize("email", [None, "other@x.example", "ANN+1@alpha.example"])
def test_a_stranger_with_the_key_and_the_code_learns_nothing(email: str | None) -> None:
    shown = mint(sale(), actor=as_staff(), token_key=TOKEN_KEY).token or ""
    who = QueueAsker(ip=IP, retry_key=KEY)
    with pytest.raises(EmailRequired):
        queue_session(shown, typed=None, who=who, token_key=TOKEN_KEY)
    queued = queue_session(shown, typed="new@x.example", who=who, token_key=TOKEN_KEY)
    # The client that never saw the answer has typed the same, and sees no more than that.
    again = queue_session(shown, typed=" New@X.example", who=who, token_key=TOKEN_KEY)
    assert again == queued
    with pytest.raises(AlreadyCollected):
        queue_session(shown, typed=email, who=who, token_key=TOKEN_KEY)
