"""Which wrong passcodes count, for whom and how long, and what is told of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from loyalty.base.errors import RateLimited
from loyalty.base.values import Role
from loyalty.db.roundtrip import database_now
from loyalty.devices.passcode_tries import count_wrong, lock_when_used_up, settle_try
from loyalty.devices.set_passcode import set_passcode
from loyalty.devices.unlock_device import unlock_device
from loyalty.expiry.prune import prune
from loyalty.models import Device, Event
from tests.factories.counter import Till, everything, guess, locked, till
from tests.factories.people import as_staff, place

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]


def test_a_right_one_leaves_what_was_tried_for_others() -> None:
    here = till()
    for _ in range(3):
        guess(here, staff_id=as_staff(Role.OWNER).id)
    guess(here)
    here.on()
    assert here.row.tries == 3
    here.on(Role.MANAGER)
    assert here.row.tries == 3
    guess(here, staff_id=as_staff(Role.OWNER).id)
    here.on()
    guess(here, staff_id=as_staff(Role.OWNER).id)
    assert locked(here)
    assert Event.objects.filter(kind="device_locked").count() == 1


def test_what_was_tried_around_midnight_or_days_ago_is_one_count(move_clock: Move) -> None:
    here = till()
    for day in range(5):
        move_clock(timedelta(days=day))
        prune()
        here.on()
        guess(here, staff_id=as_staff(Role.OWNER).id)
    assert locked(here)
    unlock_device(here.id, actor=as_staff(Role.OWNER))
    guess(here)
    move_clock(timedelta(days=9))
    prune()
    here.on()
    assert here.row.tries == 0


def test_each_fifth_wrong_one_of_a_person_is_told_wherever_it_was(move_clock: Move) -> None:
    one, two = till("One"), till("Two")
    for at, tries in ((one, 4), (two, 1)):
        for _ in range(tries):
            guess(at)
    line = Event.objects.get(kind="passcode_wrong")
    assert (line.staff_id, line.device_id, line.location_id) == (None, two.id, place().location_id)
    assert line.details == {"staff": as_staff().id, "wrong": 5}
    move_clock(timedelta(days=1))
    for _ in range(4):
        guess(two, staff_id=2**62)
    assert Event.objects.filter(kind="passcode_wrong").count() == 1


def use_up(role: Role) -> None:
    """Thirty wrong ones today, on six devices: counted as they are, without the slow hashes."""
    now = database_now()
    for _ in range(6):
        at = till("Used up").id
        for _ in range(5):
            assert settle_try(as_staff(role).id, device_id=at, now=now, was_right=False)
            count_wrong(as_staff(role).id, device_id=at, now=now)
        lock_when_used_up(at, now=now)


def refused_today(at: Till, role: Role = Role.STAFF, passcode: str | None = None) -> bool:
    try:
        at.on(role, passcode)
    except RateLimited:
        return True
    return False


def test_thirty_wrong_ones_close_a_person_and_nobody_else(move_clock: Move) -> None:
    use_up(Role.STAFF)
    here = till()
    assert refused_today(here)
    assert here.on(Role.MANAGER)
    assert Event.objects.filter(kind="passcode_wrong").count() == 6
    move_clock(timedelta(days=1))
    assert here.on()


def test_what_is_refused_unjudged_costs_no_try_and_locks_nothing() -> None:
    use_up(Role.STAFF)
    here = till()
    before = everything()
    for _ in range(6):
        assert refused_today(here)
    assert everything() == before
    guess(here, staff_id=as_staff(Role.OWNER).id)
    # Nor does a locked device close a person.
    shut = till("Shut")
    for _ in range(5):
        guess(shut, staff_id=as_staff(Role.OWNER).id)
    for _ in range(40):
        assert locked(shut, Role.OWNER)
    assert here.on(Role.OWNER)


def test_a_device_without_tries_is_locked_with_a_line_whatever_happened_before() -> None:
    here = till()
    Device.objects.filter(pk=here.id).update(tries=5)
    for _ in range(2):
        assert locked(here)
    assert here.row.locked_at
    assert Event.objects.filter(kind="device_locked", device_id=here.id).count() == 1


@pytest.mark.parametrize("by", [Role.MANAGER, Role.OWNER])
def test_unlocking_gives_the_day_back_to_those_below(by: Role) -> None:
    for role in (Role.STAFF, Role.OWNER):
        use_up(role)
    here = till()
    shut = Device.objects.filter(locked_at__isnull=False)
    for each in shut:
        unlock_device(each.pk, actor=as_staff(by))
    assert not refused_today(here)
    # A manager who could give an owner's tries back could guess for ever.
    assert refused_today(here, Role.OWNER) == (by is Role.MANAGER)


def test_a_new_passcode_is_not_closed_by_wrong_old_ones() -> None:
    use_up(Role.STAFF)
    here = till()
    assert refused_today(here)
    actor, key = as_staff(Role.MANAGER), settings.TOKEN_KEY
    set_passcode("80417", actor=actor, staff_id=as_staff().id, token_key=key)
    assert here.on(passcode="80417")
