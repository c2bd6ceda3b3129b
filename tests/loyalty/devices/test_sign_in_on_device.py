"""Switching on a device by passcode: right, wrong, locked, switched off."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base.errors import SignInFailed
from loyalty.base.values import Anonymous, AtDevice, Role, StaffActor
from loyalty.devices.reads import paired_device
from loyalty.devices.sign_in_on_device import sign_in_on_device
from loyalty.devices.unlock_device import unlock_device
from loyalty.models import AccessToken, Event, StaffMember
from loyalty.people.sign_out import sign_out
from loyalty.people.viewer import viewer
from tests.factories.counter import PASSCODES, WRONG, guess, locked, till
from tests.factories.people import as_staff, place

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]


def test_the_right_passcode_switches_on_at_this_device() -> None:
    here = till()
    actor = viewer(here.on())
    home = AtDevice(here.id, place().location_id)
    assert actor == StaffActor(as_staff().id, Role.STAFF, "Staff", home)
    row = AccessToken.objects.get(device=here.id)
    assert row.expires_at - row.created_at == timedelta(hours=4)


def test_latin_digits_or_others() -> None:
    assert till().on(passcode="٩٢٦١٧٤")


def test_a_passcode_is_nowhere_at_rest_and_bound_to_its_person_and_key() -> None:
    here = till()
    row = StaffMember.objects.values().get(pk=as_staff().id)
    assert PASSCODES[Role.STAFF] not in repr(row)
    assert (row["passcode"] or "").startswith("argon2")
    with pytest.raises(SignInFailed):
        sign_in_on_device(
            as_staff().id, PASSCODES[Role.STAFF], device_id=here.id, token_key="another"
        )
    # A copied hash opens nothing for somebody else.
    StaffMember.objects.filter(role=Role.MANAGER).update(passcode=row["passcode"])
    guess(here, PASSCODES[Role.STAFF], staff_id=as_staff(Role.MANAGER).id)


def test_whoever_was_on_before_is_off() -> None:
    here, there = till("One"), till("Two")
    first, other = here.on(), there.on(Role.OWNER)
    second = here.on(Role.MANAGER)
    assert viewer(first) == Anonymous()
    assert isinstance(viewer(second), StaffActor)
    assert isinstance(viewer(other), StaffActor)


def test_signing_out_ends_the_person_and_never_the_device() -> None:
    here = till()
    token = here.on()
    assert sign_out(token)
    assert viewer(token) == Anonymous()
    assert not sign_out(here.token)
    assert paired_device(here.token)
    assert here.on()


def test_a_token_ends_by_itself(move_clock: Move) -> None:
    here = till()
    token = here.on()
    move_clock(timedelta(hours=3, minutes=59))
    assert isinstance(viewer(token), StaffActor)
    move_clock(timedelta(hours=4))
    assert viewer(token) == Anonymous()


@pytest.mark.parametrize("typed", [WRONG, "", "926174 5", "x", "4071", "9" * 500])
def test_whatever_is_wrong_gets_one_answer(typed: str) -> None:
    here = till()
    guess(here, typed)
    assert here.row.tries == 1
    assert not AccessToken.objects.filter(device=here.id).exists()


def test_unknown_people_those_who_left_and_those_without_one_are_wrong_too() -> None:
    here = till()
    StaffMember.objects.filter(role=Role.OWNER).update(passcode=None)
    StaffMember.objects.filter(role=Role.MANAGER).update(is_active=False)
    manager = StaffMember.objects.get(role=Role.MANAGER, user__isnull=False).pk
    guess(here, PASSCODES[Role.OWNER], staff_id=as_staff(Role.OWNER).id)
    guess(here, PASSCODES[Role.MANAGER], staff_id=manager)
    guess(here, staff_id=0)
    guess(here, staff_id=2**62)
    assert here.row.tries == 4


def test_five_wrong_ones_lock_it_until_somebody_unlocks_it(move_clock: Move) -> None:
    here, there = till("One"), till("Two")
    for who in (as_staff().id, as_staff(Role.OWNER).id, 0, 1_000, as_staff().id):
        guess(here, staff_id=who)
    move_clock(timedelta(days=30))
    assert locked(here)
    assert locked(here, Role.OWNER)
    assert not locked(there)
    line = Event.objects.get(kind="device_locked")
    assert (line.device_id, line.location_id) == (here.id, place().location_id)
    assert line.details == {"wrong": 5}
    unlock_device(here.id, actor=as_staff(Role.MANAGER))
    assert here.on()


def test_a_right_one_opens_the_person_s_own_tries_anew() -> None:
    here = till()
    for _ in range(3):
        for _ in range(4):
            guess(here)
        here.on()
        assert here.row.tries == 0
    assert not Event.objects.filter(kind="device_locked").exists()
