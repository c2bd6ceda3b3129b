"""What is done on a device: only at its place, not for itself, and with its id in the books."""

from typing import Any

import pytest

from loyalty.base.access import Permission, may
from loyalty.base.errors import CodeUnknown, NotAtThisLocation, OwnSession, PinLocked
from loyalty.base.values import CustomerActor, Role, StaffActor
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint, preview
from loyalty.explaining.session_stories import session_stories
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import (
    Anomaly,
    Card,
    EarnSession,
    Event,
    LedgerEntry,
    PinGuard,
    QueuedSession,
    Redemption,
)
from loyalty.people.viewer import viewer
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.live_redemption import LiveRedemption
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.sessions.live_session import LiveSession
from loyalty.undoing.void_session import void_session
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories import people
from tests.factories.counter import IP, Till, elsewhere, till
from tests.factories.people import OWNER, as_customer, as_staff, place

pytestmark = pytest.mark.django_db
KEY = "k"
ANN = "ann@alpha.example"


def sale(location_id: int | None = None) -> SaleInput:
    return SaleInput(place().program_id, location_id or place().location_id)


def made(actor: StaffActor) -> LiveSession:
    return mint(sale(), actor=actor, token_key=KEY)


def books() -> list[object]:
    models = (EarnSession, Event, Card, LedgerEntry, Redemption, PinGuard, QueuedSession)
    return [list(model.objects.order_by("pk").values()) for model in models]


def in_browser(of: Till, email: str = ANN) -> CustomerActor:
    """The customer, signed in in a browser that was paired as this device."""
    found = viewer(people.customer(email).token, device_token=of.token)
    assert isinstance(found, CustomerActor)
    return found


def live_redemption() -> LiveRedemption:
    for _ in range(5):
        token = made(as_staff()).token or ""
        card = collect(token, actor=as_customer(ANN), ip=IP).card.id
    return request_bonus(BonusRequest(card), actor=as_customer(ANN), token_key=KEY)


def test_a_session_is_made_at_the_device_s_place_and_nowhere_else() -> None:
    actor, there = till().actor(), elsewhere()
    before = books()
    for work in (
        lambda: mint(sale(there), actor=actor, token_key=KEY),
        lambda: preview(sale(there), actor=actor),
    ):
        with pytest.raises(NotAtThisLocation) as refused:
            work()
        assert refused.value.details == {"what": "device"}
    assert books() == before
    assert preview(sale(), actor=actor).completes_cards == 0
    assert made(actor).status == "open"
    # In a browser that is no device staff work where they say.
    assert mint(sale(there), actor=as_staff(), token_key=KEY).status == "open"


def test_a_redemption_too() -> None:
    live, actor, there = live_redemption(), till().actor(), elsewhere()
    before = books()
    for which in (
        RedemptionSelector(token=live.token),
        RedemptionSelector(pin=live.pin, program_id=sale().program_id),
    ):
        with pytest.raises(NotAtThisLocation):
            preview_redemption(which, location_id=there, actor=actor, ip=IP, token_key=KEY)
    for verdict in RedemptionVerdict:
        with pytest.raises(NotAtThisLocation):
            decide_redemption(
                RedemptionSelector(token=live.token), verdict, location_id=there, actor=actor, ip=IP
            )
    # The guards' empty rows are no count.
    PinGuard.objects.all().delete()
    assert books() == before


def test_the_books_name_the_device() -> None:
    here = till()
    actor = here.actor()
    session = made(actor)
    collect(session.token or "", actor=as_customer(ANN), ip=IP)
    void_session(session.id, actor=actor, reason=None)
    assert EarnSession.objects.get(pk=session.id).device_id == here.id
    lines = Event.objects.filter(session_id=session.id)
    assert {(line.kind, line.device_id) for line in lines} == {
        ("minted", here.id),
        ("collected", here.id),
        ("voided", here.id),
    }
    assert session_stories([session.id], actor=OWNER)[session.id].device == "Till"


def test_a_decided_redemption_names_it_too() -> None:
    here = till()
    actor, live = here.actor(), live_redemption()
    seen = preview_redemption(
        RedemptionSelector(token=live.token),
        location_id=place().location_id,
        actor=actor,
        ip=IP,
        token_key=KEY,
    )
    decide_redemption(
        RedemptionSelector(redemption_id=seen.id),
        RedemptionVerdict.CONFIRMED,
        location_id=place().location_id,
        actor=actor,
        ip=IP,
    )
    assert Redemption.objects.get(pk=seen.id).device_id == here.id
    assert Event.objects.get(kind="confirmed").device_id == here.id


def test_a_device_does_not_collect_what_was_made_on_it() -> None:
    here, there = till("One"), till("Two")
    token = made(here.actor()).token or ""
    before = books()
    with pytest.raises(OwnSession):
        collect(token, actor=in_browser(here), ip=IP)
    line = Event.objects.get(kind="refused")
    assert (line.code, line.device_id) == ("OWN_SESSION", here.id)
    after = books()
    assert after[0] == before[0]
    assert after[2:] == before[2:]
    assert collect(token, actor=in_browser(there), ip=IP).units == 1
    # What was made elsewhere may be collected there.
    other = made(as_staff()).token or ""
    assert collect(other, actor=in_browser(here), ip=IP).units == 1


@pytest.mark.parametrize("role", list(Role))
def test_nor_what_somebody_made_there_who_signed_in_with_a_password(role: Role) -> None:
    here, there = till("One"), elsewhere()
    actor = viewer(people.staff(role).token, device_token=here.token)
    assert isinstance(actor, StaffActor)
    # Not switched on: no place is theirs, and nothing is taken from them.
    assert (actor.device, actor.device_id) == (None, here.id)
    assert all(may(actor, deed) == may(as_staff(role), deed) for deed in Permission)
    session = mint(sale(there), actor=actor, token_key=KEY)
    assert EarnSession.objects.get(pk=session.id).device_id == here.id
    before = books()
    with pytest.raises(OwnSession):
        collect(session.token or "", actor=in_browser(here), ip=IP)
    after = books()
    assert after[0] == before[0]
    assert after[2:] == before[2:]
    assert collect(session.token or "", actor=as_customer(ANN), ip=IP).units == 1


def test_nor_for_an_address_typed_there() -> None:
    here = till()
    token = made(here.actor()).token or ""

    def queue(browser: str | None) -> Any:
        who = QueueAsker(ip=IP, browser=browser)
        return queue_session(token, typed="new@somewhere.example", who=who, token_key=KEY)

    for _ in range(2):
        with pytest.raises(OwnSession):
            queue(here.token)
    assert Event.objects.get(kind="refused").device_id == here.id
    assert not QueuedSession.objects.exists()
    queue("not-a-device")
    assert QueuedSession.objects.count() == 1


def wrong_pin(actor: StaffActor) -> None:
    which, here = RedemptionSelector(pin="0000", program_id=place().program_id), place().location_id
    with pytest.raises(CodeUnknown):
        preview_redemption(which, location_id=here, actor=actor, ip=IP, token_key=KEY)


def is_closed(actor: StaffActor) -> bool:
    which = RedemptionSelector(pin="0000", program_id=place().program_id)
    try:
        here = place().location_id
        preview_redemption(which, location_id=here, actor=actor, ip=IP, token_key=KEY)
    except PinLocked:
        return True
    except CodeUnknown:
        return False
    raise AssertionError("This PIN is known.")


def test_wrong_pins_close_the_device_whoever_types_them() -> None:
    here = till()
    for role, tries in ((Role.STAFF, 3), (Role.MANAGER, 2)):
        actor = here.actor(role)
        for _ in range(tries):
            wrong_pin(actor)
    assert is_closed(here.actor(Role.OWNER))
    # The people are not closed, elsewhere they may go on.
    assert not is_closed(as_staff(Role.MANAGER))
    line = Event.objects.get(kind="pin_closed")
    assert (line.device_id, line.staff_id) == (here.id, as_staff(Role.MANAGER).id)
    assert (line.details or {})["what"] == "device"
    assert find_anomalies() == 1
    found = Anomaly.objects.get()
    assert (found.kind, found.device_id) == ("pin_closed", here.id)
    assert found.evidence == {"wrong": 5, "of_program": 0, "of_device": 1, "sessions": []}


def test_and_the_person_on_whatever_device() -> None:
    here, there = till("One"), till("Two")
    for at, tries in ((here, 3), (there, 2)):
        actor = at.actor()
        for _ in range(tries):
            wrong_pin(actor)
    assert is_closed(as_staff())
    assert not is_closed(here.actor(Role.MANAGER))
    line = Event.objects.get(kind="pin_closed")
    assert (line.device_id, (line.details or {})["what"]) == (there.id, "person")
