"""Devices are renamed, unlocked and revoked by owners and managers."""

from collections.abc import Callable

import pytest

from loyalty.base.access import NotAllowed
from loyalty.base.errors import InvalidInput, NotFound, SignInFailed
from loyalty.base.values import Anonymous, Role, StaffActor
from loyalty.devices.reads import devices, paired_device
from loyalty.devices.rename_device import rename_device
from loyalty.devices.revoke_device import revoke_device
from loyalty.devices.unlock_device import unlock_device
from loyalty.models import Device, Event, StaffMember
from loyalty.people.viewer import viewer
from tenants import context
from tests.factories.counter import everything, till
from tests.factories.people import OWNER, as_staff

pytestmark = pytest.mark.django_db
CHANGES: list[Callable[[int, StaffActor], Device]] = [
    lambda number, actor: rename_device(number, "Other", actor=actor),
    lambda number, actor: revoke_device(number, actor=actor),
    lambda number, actor: unlock_device(number, actor=actor),
]


@pytest.mark.parametrize("change", CHANGES)
def test_who_may_not_and_what_is_not_there(change: Callable[[int, StaffActor], Device]) -> None:
    here = till()
    with context.business("beta"):
        foreign = till("Foreign")
        at_beta = everything()
    before = everything()
    with pytest.raises(NotAllowed):
        change(here.id, as_staff())
    for number in (foreign.id, 7):
        with pytest.raises(NotFound):
            change(number, as_staff(Role.OWNER))
    assert everything() == before
    with context.business("beta"):
        assert everything() == at_beta


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_revoked_at_once_and_for_good(role: Role) -> None:
    here, there = till("One"), till("Two")
    token, other = here.on(), there.on(Role.MANAGER)
    gone = revoke_device(here.id, actor=as_staff(role))
    assert gone.revoked_at
    assert viewer(token) == Anonymous()
    assert paired_device(here.token) is None
    assert isinstance(viewer(other), StaffActor)
    assert [row.pk for row in devices(actor=OWNER)] == [there.id]
    assert devices(with_revoked=True, actor=OWNER).count() == 2
    assert Event.objects.get(kind="device_revoked").device_id == here.id
    before = everything()
    assert revoke_device(here.id, actor=as_staff(role)).revoked_at == gone.revoked_at
    assert everything() == before


def test_what_is_out_of_use_is_neither_renamed_nor_unlocked() -> None:
    here = till()
    Device.objects.update(tries=5, locked_at=here.row.paired_at)
    revoke_device(here.id, actor=as_staff(Role.OWNER))
    before = everything()
    for change in (CHANGES[0], CHANGES[2]):
        with pytest.raises(NotFound) as refused:
            change(here.id, as_staff(Role.OWNER))
        assert refused.value.details == {"what": "revoked"}
    assert everything() == before


def test_somebody_who_left_is_off_at_once() -> None:
    token = till().on()
    StaffMember.objects.filter(pk=as_staff().id).update(is_active=False)
    assert viewer(token) == Anonymous()


def test_unlocked_with_all_its_tries() -> None:
    here = till()
    for _ in range(5):
        with pytest.raises(SignInFailed):
            here.on(passcode="0713")
    assert here.row.locked_at
    found = unlock_device(here.id, actor=as_staff(Role.MANAGER))
    assert (found.tries, found.locked_at) == (0, None)
    line = Event.objects.get(kind="device_unlocked")
    assert (line.device_id, line.details) == (here.id, {"wrong": 5})
    before = everything()
    unlock_device(here.id, actor=as_staff(Role.MANAGER))
    assert everything() == before


def test_renamed() -> None:
    here = till()
    assert rename_device(here.id, " Bar  left ", actor=as_staff(Role.OWNER)).name == "Bar left"
    with pytest.raises(InvalidInput):
        rename_device(here.id, "", actor=as_staff(Role.OWNER))
    assert here.row.name == "Bar left"
