"""What a role allows, on a device and elsewhere; whose passcode one may set."""

from dataclasses import replace
from itertools import product

import pytest

from loyalty.base.access import Permission, may, may_set_passcode_of, may_with_password
from loyalty.base.values import AtDevice, Role, StaffActor

ABOVE = {(Role.OWNER, role) for role in Role} | {(Role.MANAGER, Role.STAFF)}


@pytest.mark.parametrize(("mine", "theirs"), list(product(Role, Role)))
def test_nobody_sets_a_higher_one(mine: Role, theirs: Role) -> None:
    actor = StaffActor(1, mine, "Me")
    assert may_set_passcode_of(actor, staff_id=2, role=theirs) == ((mine, theirs) in ABOVE)
    assert may_set_passcode_of(actor, staff_id=1, role=mine)
    on = replace(actor, device=AtDevice(7, 1))
    assert not may_set_passcode_of(on, staff_id=2, role=theirs)
    assert may_set_passcode_of(on, staff_id=1, role=mine)


@pytest.mark.parametrize("deed", list(Permission))
def test_a_passcode_opens_the_counter_and_not_the_office(deed: Permission) -> None:
    office = {
        Permission.EDIT_PRODUCTS,
        Permission.EDIT_PROGRAMS,
        Permission.READ_ABSENCES,
        Permission.READ_BUDGET,
        Permission.SET_LEVELS,
        Permission.EXPLORE_API,
        Permission.REVIEW,
        Permission.MANAGE_DEVICES,
    }
    for role in Role:
        actor = StaffActor(1, role, "Me")
        on = replace(actor, device=AtDevice(7, 1))
        assert may(on, deed) == (may(actor, deed) and deed not in office)
        assert not may_with_password(actor, deed)
        assert may_with_password(on, deed) == (may(actor, deed) and deed in office)
