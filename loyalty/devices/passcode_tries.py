"""Counts tries of passcodes: on a device, for a person, and for a person on a device.

Anybody who changes more than one of these counts locks the device's row first.
"""

from datetime import datetime, timedelta

from django.db import transaction

from loyalty.base import access
from loyalty.base.values import Role, StaffActor
from loyalty.db.roundtrip import Query, send
from loyalty.events.details import EventDetails
from loyalty.events.devices import DeviceLockedDetails, PasscodeWrongDetails
from loyalty.guards.allowance import Attempt, forget
from loyalty.guards.allowance import give_back as give_back_uses
from loyalty.guards.limits import PASSCODES_PERSON
from loyalty.guards.tallies import clear, count_attempt, count_until_cleared, counted_under
from loyalty.log.lines import write_line
from loyalty.models import Device, StaffMember
from loyalty.models.device import MOST_TRIES

# Each time so many were wrong in a day, the log has a line.
WRONG_TO_TELL = 5
DAY = timedelta(days=1)


def begin_try(staff_id: int, *, device_id: int, now: datetime) -> bool:
    """Before a passcode is judged: False when the device has no try left.

    Raises RateLimited when the person has none left, wherever it is.
    """
    if not Device.objects.filter(pk=device_id, revoked_at=None, tries__lt=MOST_TRIES).exists():
        return False
    _of_person(staff_id, now=now).begin()
    return True


def settle_try(staff_id: int, *, device_id: int, now: datetime, was_right: bool) -> int | None:
    """The tries that the device has counted after this one; None when others left it none.

    A wrong one is counted. A right one gives back what was counted on this device for the same
    person; what was tried there for others stays: who knows one passcode guesses no other for
    ever. Raises RateLimited when others used up the person's; either refusal counts nothing.
    """
    with transaction.atomic():
        # The device's row puts all tries in one order: a right one sees the wrong ones before it.
        taken: Query[int] = Query(
            "UPDATE loyalty_device SET tries = tries + %s, last_seen_at = %s"
            " WHERE id = %s AND revoked_at IS NULL AND tries < %s RETURNING tries",
            [0 if was_right else 1, now, device_id, MOST_TRIES],
            row=lambda row: int(row[0]),
        )
        send(taken)
        if taken.first is None:
            return None
        if not _is_somebody(staff_id):
            # Nothing is written under a number that the caller made up.
            return taken.only
        _of_person(staff_id, now=now).settle(was_right=was_right)
        if not was_right:
            count_until_cleared(_at(device_id) + str(staff_id))
            return taken.only
        left = max(taken.only - clear(_at(device_id) + str(staff_id)), 0)
        Device.objects.filter(pk=device_id).update(tries=left, locked_at=None)
        return left


def forget_tries_at(device_id: int, *, actor: StaffActor) -> None:
    """Within the transaction that locked the device: no try was made there.

    The tries are given back to those whose passcode the actor may set; others' stay counted,
    or a manager could guess an owner's for ever.
    """
    counts = counted_under(_at(device_id))
    people = StaffMember.objects.filter(pk__in=[int(each) for each in counts]).values_list(
        "id", "role"
    )
    theirs = {
        str(number)
        for number, role in people
        if access.may_set_passcode_of(actor, staff_id=number, role=Role(role))
    }
    # In one order: two devices that are unlocked at once do not wait for each other.
    for number in sorted(counts):
        count = clear(_at(device_id) + number)
        if number in theirs:
            give_back_uses((PASSCODES_PERSON, number), count=count)


def forget_tries_of(staff_id: int) -> None:
    """The person has all tries again; what devices counted stays."""
    forget((PASSCODES_PERSON, str(staff_id)))
    clear(_wrong(staff_id))


def count_wrong(staff_id: int, *, device_id: int, now: datetime) -> None:
    """Count a wrong passcode of a person; of each fifth in a day the log has a line."""
    if not _is_somebody(staff_id):
        return
    with transaction.atomic():
        count = count_attempt(_wrong(staff_id), every=DAY, now=now)
        if count % WRONG_TO_TELL == 0:
            _tell(PasscodeWrongDetails(staff_id, count), device_id, now=now)


def lock_when_used_up(device_id: int, *, now: datetime) -> None:
    """Lock a device that has no try left, with a line in the log; one that has is as it was."""
    with transaction.atomic():
        used_up = Device.objects.filter(pk=device_id, tries__gte=MOST_TRIES, locked_at=None)
        # Of several that end at once, the first one tells it.
        if used_up.update(locked_at=now):
            _tell(DeviceLockedDetails(MOST_TRIES), device_id, now=now)


def _tell(details: EventDetails, device_id: int, *, now: datetime) -> None:
    write_line(
        details,
        at=now,
        location_id=Device.objects.values_list("location_id", flat=True).get(pk=device_id),
        device_id=device_id,
    )


def _is_somebody(staff_id: int) -> bool:
    return StaffMember.objects.filter(pk=staff_id).exists()


def _of_person(staff_id: int, *, now: datetime) -> Attempt:
    return Attempt((PASSCODES_PERSON, str(staff_id)), now=now)


def _wrong(staff_id: int) -> str:
    return f"passcode-wrong:{staff_id}"


def _at(device_id: int) -> str:
    return f"passcode-at:{device_id}:"
