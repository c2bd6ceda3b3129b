"""Collecting: what changes, what never does."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base.errors import (
    AlreadyCollected,
    CodeUnknown,
    KeyReused,
    RateLimited,
    SessionExpired,
)
from loyalty.cards.view import ProgressView
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.guards.limits import LOOK_UPS
from loyalty.models import Bonus, Card, Counter, EarnSession, Event, LedgerEntry
from loyalty.sessions.live_session import LiveSession
from tests.factories.people import as_customer, as_staff, place
from tests.factories.using_up import use_up

pytestmark = pytest.mark.django_db
KEY = "a-key"
IP = "192.0.2.1"


def minted() -> LiveSession:
    where = place()
    wanted = SaleInput(where.program_id, where.location_id, where.preset_id)
    return mint(wanted, actor=as_staff(), token_key=KEY)


def token() -> str:
    found = minted().token
    assert found
    return found


def everything() -> list[object]:
    """All that a collect could change; a refusal adds its decision to the log, and no more."""
    rows = [
        list(model.objects.order_by("pk").values())
        for model in (EarnSession, Card, Counter, LedgerEntry, Bonus)
    ]
    return [*rows, list(Event.objects.exclude(kind="refused").values())]


def test_the_first_stamp() -> None:
    live = minted()
    outcome = collect(live.token or "", actor=as_customer("ann@alpha.example"), ip=IP)
    card = Card.objects.get()
    assert outcome.units == 1
    assert outcome.card.progress == (ProgressView(None, open=1, debt=0, threshold=5),)
    assert (card.version, card.visits, card.points) == (1, 1, 1)
    assert Counter.objects.values_list("open", "debt").get() == (1, 0)
    entry = LedgerEntry.objects.values("kind", "units", "card_version", "line").get()
    assert entry == {"kind": "earn", "units": 1, "card_version": 1, "line": 1}
    event = Event.objects.get(kind="collected")
    where = place()
    assert (event.staff_id, event.location_id, event.preset_id, event.session_id) == (
        as_staff().id,
        where.location_id,
        where.preset_id,
        live.id,
    )
    assert event.policy is not None
    assert event.policy["threshold"] == 5
    assert event.policy["version"] == 1


def test_the_fifth_stamp_fills_the_card() -> None:
    ann = as_customer("ann@alpha.example")
    outcomes = [collect(token(), actor=ann, ip=IP) for _ in range(6)]
    (bonus,) = outcomes[4].bonuses
    assert bonus.title == "Free coffee"
    assert outcomes[4].card.progress[0].open == 0
    assert outcomes[5].card.progress[0].open == 1
    assert [found.id for found in outcomes[5].card.bonuses] == [bonus.id]
    assert Bonus.objects.get().status == "waiting"
    entries = LedgerEntry.objects.order_by("card_version", "line").values_list("kind", "units")
    assert list(entries)[4:] == [("earn", 1), ("complete", -5), ("earn", 1)]


def test_a_repeated_collect_is_the_same_and_changes_nothing() -> None:
    shown = token()
    ann = as_customer("ann@alpha.example")
    first = collect(shown, actor=ann, ip=IP)
    collect(token(), actor=ann, ip=IP)
    before = everything()
    assert collect(shown, actor=ann, ip=IP) == first
    assert everything() == before


def test_a_replay_is_answered_even_after_the_lifetime(
    move_clock: Callable[[timedelta], None],
) -> None:
    shown = token()
    first = collect(shown, actor=as_customer("ann@alpha.example"), ip=IP)
    move_clock(timedelta(days=2))
    assert collect(shown, actor=as_customer("ann@alpha.example"), ip=IP) == first


def test_somebody_else_is_refused_and_nothing_changes() -> None:
    shown = token()
    collect(shown, actor=as_customer("ann@alpha.example"), ip=IP)
    before = everything()
    with pytest.raises(AlreadyCollected):
        collect(shown, actor=as_customer("bob@alpha.example"), ip=IP)
    assert everything() == before


@pytest.mark.parametrize("seconds", [89, 90, 91])
def test_the_lifetime_is_ninety_seconds(
    seconds: int, move_clock: Callable[[timedelta], None]
) -> None:
    shown = token()
    before = everything()
    # The clock goes on while this test runs: just below the limit means a second below.
    move_clock(timedelta(seconds=seconds))
    if seconds < 90:
        assert collect(shown, actor=as_customer("ann@alpha.example"), ip=IP).units == 1
    else:
        with pytest.raises(SessionExpired):
            collect(shown, actor=as_customer("ann@alpha.example"), ip=IP)
        assert everything() == before


@pytest.mark.parametrize("shown", ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "\0", "\ud800", "é" * 5000])
def test_unknown_and_malformed_codes_get_one_answer(shown: str) -> None:
    before = everything()
    with pytest.raises(CodeUnknown):
        collect(shown, actor=as_customer("ann@alpha.example"), ip=IP)
    assert everything() == before


def test_failed_look_ups_are_limited_and_live_codes_are_not() -> None:
    bob = as_customer("bob@alpha.example")
    for _ in range(100):
        with pytest.raises(CodeUnknown):
            collect("guess", actor=bob, ip=IP)
    use_up(LOOK_UPS, f"{bob.key} {IP}")
    with pytest.raises(RateLimited) as refused:
        collect("guess", actor=bob, ip=IP)
    assert refused.value.retry_at is not None
    assert collect(token(), actor=bob, ip=IP).units == 1
    with pytest.raises(CodeUnknown):
        collect("guess", actor=bob, ip="192.0.2.2")


def test_an_idempotency_key_belongs_to_one_token() -> None:
    ann = as_customer("ann@alpha.example")
    shown = token()
    first = collect(shown, actor=ann, ip=IP, idempotency_key="k")
    assert collect(shown, actor=ann, ip=IP, idempotency_key="k") == first
    before = everything()
    with pytest.raises(KeyReused):
        collect(token(), actor=ann, ip=IP, idempotency_key="k")
    assert everything()[1:4] == before[1:4]
