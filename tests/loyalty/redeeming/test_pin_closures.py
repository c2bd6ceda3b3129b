"""Who is kept out by wrong PINs, and until when."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from graphql_api.ids import global_id
from loyalty.base.errors import CodeUnknown
from loyalty.base.values import Role, StaffActor
from loyalty.devices.revoke_device import revoke_device
from loyalty.models import StaffMember
from loyalty.redeeming.pin_closures import PinClosure, pin_closures
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from tenants import context
from tests.factories import people
from tests.factories.counter import till
from tests.factories.people import OWNER, as_staff, place
from tests.harness.asking import told
from tests.harness.clock import now

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
REOPEN = """mutation ($input: ReopenPinEntryInput!) { reopenPinEntry(input: $input) {
  ... on PinEntryReopened { triesLeft stillClosed { staff { name } deviceName until } } } }"""


def wrong(actor: StaffActor, times: int = 5) -> None:
    which, here = RedemptionSelector(pin="0000", program_id=place().program_id), place().location_id
    for _ in range(times):
        with pytest.raises(CodeUnknown):
            preview_redemption(which, location_id=here, actor=actor, ip="192.0.2.1", token_key="k")


def who(found: list[PinClosure]) -> list[tuple[str | None, str | None]]:
    return [
        (each.staff.name if each.staff else None, each.device.name if each.device else None)
        for each in found
    ]


def test_people_and_devices_until_they_open(move_clock: Move) -> None:
    move_clock(timedelta(0))
    here = till("Bar")
    wrong(as_staff(Role.MANAGER), 4)
    assert pin_closures(actor=OWNER) == []
    wrong(here.actor())
    assert sorted(map(str, who(pin_closures(actor=OWNER)))) == ["('Staff', None)", "(None, 'Bar')"]
    assert all(now() < each.until for each in pin_closures(actor=OWNER))
    with context.business("beta"):
        assert pin_closures(actor=OWNER) == []
    move_clock(timedelta(minutes=16))
    assert pin_closures(actor=OWNER) == []


def test_not_those_who_are_gone() -> None:
    here = till("Bar")
    wrong(here.actor())
    revoke_device(here.id, actor=as_staff(Role.OWNER))
    assert who(pin_closures(actor=OWNER)) == [("Staff", None)]
    StaffMember.objects.filter(pk=as_staff().id).update(is_active=False)
    assert pin_closures(actor=OWNER) == []


def test_whoever_reopens_a_program_reads_it() -> None:
    wrong(as_staff())
    given = {"programId": global_id("Program", place().program_id)}
    found = told(REOPEN, token=people.staff(Role.MANAGER).token, input=given).data
    (closed,) = found["stillClosed"]
    assert (closed["staff"], closed["deviceName"]) == ({"name": "Staff"}, None)
    assert closed["until"] == pin_closures(actor=OWNER)[0].until.isoformat()
