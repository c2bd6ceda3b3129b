"""A code pairs one device, once and soon."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base.access import NotAllowed
from loyalty.base.errors import CodeUnknown, InvalidInput, LinkExpired, NotFound, RateLimited
from loyalty.base.values import Anonymous, Role
from loyalty.db.roundtrip import database_now
from loyalty.devices.create_pairing_code import create_pairing_code
from loyalty.devices.live_pairing import live_pairing
from loyalty.devices.pair_device import PairedDevice, pair_device
from loyalty.devices.reads import paired_device
from loyalty.expiry.prune import prune
from loyalty.guards.limits import LOOK_UPS
from loyalty.models import Allowance, Device, Event, Location, PairingCode, StaffMember
from loyalty.people.viewer import viewer
from tenants import context
from tests.factories.counter import IP, code, elsewhere, everything
from tests.factories.people import as_staff, place
from tests.factories.using_up import use_up

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
KEY = "key"


def made(role: Role = Role.MANAGER) -> str:
    where = place().location_id
    return create_pairing_code(where, actor=as_staff(role), token_key=KEY).code


def pair(typed: str, name: str = "Till") -> PairedDevice:
    return pair_device(typed, name, ip=IP, token_key=KEY)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_a_code_makes_a_device_of_its_location(role: Role) -> None:
    found = pair(made(role).lower(), "  Front   till ")
    device = Device.objects.get()
    assert found.device == device
    assert (device.name, device.location_id) == ("Front till", place().location_id)
    assert (device.paired_by_id, device.tries, device.revoked_at) == (as_staff(role).id, 0, None)
    assert paired_device(found.token) == device
    assert found.token not in repr(Device.objects.values().get())
    line = Event.objects.get(kind="device_paired")
    assert (line.device_id, line.staff_id) == (device.pk, as_staff(role).id)
    # It signs nobody in.
    assert viewer(found.token) == Anonymous()


def test_a_code_is_nowhere_at_rest_and_shown_again_to_its_maker_alone(move_clock: Move) -> None:
    live = create_pairing_code(place().location_id, actor=as_staff(Role.MANAGER), token_key=KEY)
    assert live.seconds_left == 600
    assert live.url.endswith(f"/pair/{live.code}")
    row = PairingCode.objects.values().get()
    assert live.code.replace("-", "") not in repr(row)
    again = live_pairing(live.id, actor=as_staff(Role.MANAGER), token_key=KEY)
    assert again.code == live.code
    with pytest.raises(NotFound):
        live_pairing(live.id, actor=as_staff(Role.OWNER), token_key=KEY)
    move_clock(timedelta(minutes=10))
    with pytest.raises(NotFound):
        live_pairing(live.id, actor=as_staff(Role.MANAGER), token_key=KEY)


def test_once() -> None:
    typed = made()
    pair(typed)
    before = everything()
    with pytest.raises(LinkExpired):
        pair(typed)
    assert everything() == before


def test_for_ten_minutes(move_clock: Move) -> None:
    typed, late = made(), made()
    move_clock(timedelta(minutes=9, seconds=59))
    pair(typed)
    move_clock(timedelta(minutes=10, seconds=1))
    before = everything()
    with pytest.raises(LinkExpired):
        pair(late)
    # But for an empty count of a new window.
    assert everything()[:-1] == before[:-1]


def test_a_maker_who_left_or_a_closed_place_pairs_nothing() -> None:
    typed = made()
    manager = StaffMember.objects.filter(pk=as_staff(Role.MANAGER).id)
    location = Location.objects.filter(pk=place().location_id)
    for rows, change, back in (
        (manager, {"is_active": False}, {"is_active": True}),
        (manager, {"role": "staff"}, {"role": "manager"}),
        (location, {"is_archived": True}, {"is_archived": False}),
    ):
        rows.update(**change)
        with pytest.raises(LinkExpired):
            pair(typed)
        rows.update(**back)
    assert not Device.objects.exists()
    pair(typed)


@pytest.mark.parametrize("typed", ["", "0000-0000", "x" * 500, "\0", "\ud800", "ÄÖÜ"])
def test_unknown_codes_get_one_answer_and_are_counted(typed: str) -> None:
    made()
    with pytest.raises(CodeUnknown):
        pair(typed)
    assert not Device.objects.exists()


def other_end(typed: str, number: int) -> str:
    """A code that begins like this one and is none."""
    return f"{typed[:3]}{'00' if typed[5:7] != '00' else '11'}{number:03d}"


def test_a_guest_s_guesses_close_nothing_for_a_right_code() -> None:
    typed = made()
    start = "111" if typed[:3] == "000" else "000"
    for number in range(20):
        with pytest.raises(CodeUnknown):
            pair(f"{start}0-0{number:03d}")
    use_up(LOOK_UPS, f"pairing {IP}")
    before = everything()
    for number in range(20):
        with pytest.raises(RateLimited) as refused:
            pair(f"{start}0-1{number:03d}")
        assert refused.value.retry_at
    assert everything() == before
    assert pair(typed).device.name == "Till"


def test_ten_guesses_at_one_code_end_it_for_the_right_one_too(move_clock: Move) -> None:
    move_clock(timedelta(0))
    typed, other = made(), made()
    for number in range(10):
        with pytest.raises(CodeUnknown):
            pair_device(other_end(typed, number), "Till", ip=f"192.0.2.{number}", token_key=KEY)
    before = everything()
    for ip in (IP, "192.0.2.99"):
        with pytest.raises(LinkExpired):
            pair_device(typed, "Till", ip=ip, token_key=KEY)
    assert everything() == before
    # The others live on, unless they begin alike.
    if other[:3] != typed[:3]:
        pair(other)


def test_whoever_knows_codes_is_no_guesser() -> None:
    for _ in range(6):
        typed = made()
        pair(typed)
        with pytest.raises(LinkExpired) as refused:
            pair(typed)
        assert refused.value.details == {"what": "pairing"}
    # Nothing is used of any limit.
    assert not Allowance.objects.filter(full_at__gt=database_now()).exists()


def test_twenty_codes_wait_at_most(move_clock: Move) -> None:
    move_clock(timedelta(0))
    first = create_pairing_code(place().location_id, actor=as_staff(Role.OWNER), token_key=KEY)
    codes = [made() for _ in range(19)]
    before = everything()
    for role in (Role.OWNER, Role.MANAGER):
        with pytest.raises(RateLimited) as refused:
            made(role)
        assert refused.value.retry_at == first.expires_at
        assert refused.value.details == {"what": "pairing codes", "limit": 20}
    assert everything() == before
    with context.business("beta"):
        made()
    pair(codes[0])
    made()
    with pytest.raises(RateLimited):
        made()
    move_clock(timedelta(minutes=10))
    made()


def test_a_code_of_another_business_is_unknown() -> None:
    typed = made()
    with context.business("beta"), pytest.raises(CodeUnknown):
        pair(typed)
    pair(typed)


def test_a_name_is_wanted_and_costs_no_code() -> None:
    typed = made()
    with pytest.raises(InvalidInput):
        pair(typed, " ")
    pair(typed)


def test_who_may_not_make_codes_and_for_where() -> None:
    before = everything()
    with pytest.raises(NotAllowed):
        code(Role.STAFF)
    with pytest.raises(NotFound):
        code(location_id=place().location_id + 1_000)
    assert everything() == before
    closed = elsewhere()
    Location.objects.filter(pk=closed).update(is_archived=True)
    with pytest.raises(NotFound):
        code(location_id=closed)


def test_old_codes_are_forgotten_and_devices_stay(move_clock: Move) -> None:
    pair(made())
    made()
    move_clock(timedelta(days=2))
    prune()
    assert not PairingCode.objects.exists()
    assert Device.objects.count() == 1
