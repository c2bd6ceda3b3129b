"""Whose passcode one may set."""

from itertools import product

import pytest

from loyalty.access import may_set_passcode_of
from loyalty.values import Role, StaffActor

ABOVE = {(Role.OWNER, role) for role in Role} | {(Role.MANAGER, Role.STAFF)}


@pytest.mark.parametrize(("mine", "theirs"), list(product(Role, Role)))
def test_nobody_sets_a_higher_one(mine: Role, theirs: Role) -> None:
    actor = StaffActor(1, mine, "Me")
    assert may_set_passcode_of(actor, staff_id=2, role=theirs) == ((mine, theirs) in ABOVE)
    assert may_set_passcode_of(actor, staff_id=1, role=mine)
