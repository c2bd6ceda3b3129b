"""Setting passcodes: one's own, and those of people below."""

from typing import Any

import pytest
from django.conf import settings

from loyalty.base.errors import DeviceLocked, InvalidInput, NotFound, SignInFailed
from loyalty.base.values import Anonymous, Role, StaffActor
from loyalty.devices.set_passcode import set_passcode
from loyalty.models import Event, StaffMember
from loyalty.people.viewer import viewer
from tenants import context
from tests.factories.counter import PASSCODES, everything, till
from tests.factories.people import as_staff

pytestmark = pytest.mark.django_db
NEW = "80417"


def keep(actor: StaffActor, typed: str = NEW, **more: Any) -> StaffMember:
    return set_passcode(typed, actor=actor, token_key=settings.TOKEN_KEY, **more)


@pytest.mark.parametrize("role", list(Role))
def test_one_s_own(role: Role) -> None:
    here = till()
    assert keep(as_staff(role)).pk == as_staff(role).id
    with pytest.raises(SignInFailed):
        here.on(role)
    assert here.on(role, NEW)
    line = Event.objects.filter(kind="passcode_set").order_by("-id")[0]
    assert (line.staff_id, line.details) == (as_staff(role).id, {"staff": as_staff(role).id})
    assert NEW not in repr(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [(Role.OWNER, Role.MANAGER), (Role.OWNER, Role.STAFF), (Role.MANAGER, Role.STAFF)],
)
def test_those_below_who_are_switched_off(mine: Role, theirs: Role) -> None:
    here = till()
    token = here.on(theirs)
    keep(as_staff(mine), staff_id=as_staff(theirs).id)
    assert viewer(token) == Anonymous()
    assert here.on(theirs, NEW)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [(Role.STAFF, Role.OWNER), (Role.STAFF, Role.MANAGER), (Role.MANAGER, Role.OWNER)],
)
def test_not_those_above(mine: Role, theirs: Role) -> None:
    till()
    before = everything()
    with pytest.raises(NotFound):
        keep(as_staff(mine), staff_id=as_staff(theirs).id)
    assert everything() == before


def test_nobody_who_is_not_there() -> None:
    before = everything()
    StaffMember.objects.filter(pk=as_staff().id).update(is_active=False)
    for staff_id in (as_staff().id, 2**62):
        with pytest.raises(NotFound):
            keep(as_staff(Role.OWNER), staff_id=staff_id)
    StaffMember.objects.filter(pk=as_staff().id).update(is_active=True)
    assert everything() == before


def test_another_business_has_its_own() -> None:
    with context.business("beta"):
        before = everything()
    keep(as_staff(Role.OWNER), staff_id=as_staff().id)
    with context.business("beta"):
        assert everything() == before


@pytest.mark.parametrize("typed", ["1234", "77777", "123", "", "abcd"])
def test_what_is_no_passcode(typed: str) -> None:
    before = everything()
    with pytest.raises(InvalidInput):
        keep(as_staff(), typed)
    assert everything() == before


def test_at_a_device_the_old_one_is_wanted() -> None:
    here = till()
    actor = here.actor()
    with pytest.raises(InvalidInput) as refused:
        keep(actor)
    assert refused.value.details == {"field": "current", "reason": "missing"}
    assert here.row.tries == 0
    with pytest.raises(SignInFailed):
        keep(actor, current=PASSCODES[Role.MANAGER])
    assert here.row.tries == 1
    keep(actor, current=PASSCODES[Role.STAFF])
    assert here.row.tries == 0
    assert here.on(passcode=NEW)


def test_an_owner_who_walked_away_gives_nobody_a_passcode() -> None:
    here = till()
    actor = here.actor(Role.OWNER)
    people, events = everything()[2], Event.objects.count()
    with pytest.raises(NotFound):
        keep(actor, staff_id=as_staff().id, current=PASSCODES[Role.OWNER])
    for _ in range(5):
        with pytest.raises(SignInFailed):
            keep(actor, current=PASSCODES[Role.STAFF])
    with pytest.raises(DeviceLocked):
        keep(actor, current=PASSCODES[Role.OWNER])
    assert everything()[2] == people
    told = {line.kind for line in Event.objects.order_by("id")[events:]}
    assert told == {"passcode_wrong", "device_locked"}


def test_whoever_changes_theirs_stays_and_is_off_elsewhere() -> None:
    here, there = till("One"), till("Two")
    token, other = here.on(), there.on()
    actor = viewer(token)
    assert isinstance(actor, StaffActor)
    keep(actor, current=PASSCODES[Role.STAFF])
    assert isinstance(viewer(token), StaffActor)
    assert viewer(other) == Anonymous()
