"""Counts tries of passcodes: on a device, for a person, and for a person on a device.

Whoever changes more than one of these counts locks the device's row first.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from loyalty import access, tokens
from loyalty.actions.tally import clear, counted_under, take_back, tally, tally_until_cleared
from loyalty.errors import RateLimited
from loyalty.events import EventKind
from loyalty.models import Device, Event, StaffMember
from loyalty.models.device import MOST_TRIES
from loyalty.trip import Ask, trip
from loyalty.values import Role, StaffActor

# However many devices there are, and however often they are unlocked.
WRONG_PER_PERSON = 30
# Each time so many were wrong in a day, the log has a line.
WRONG_TO_TELL = 5
DAY = timedelta(days=1)


def take_try(staff_id: int, *, device_id: int, now: datetime) -> int:
    """Count a try that is about to be judged: which one of the device's; 0 when none is left.

    Raises RateLimited when the person has none left today. Either refusal counts nothing.
    """
    with transaction.atomic():
        # The device's row: of a hundred at once five get past it, and the others count for nobody.
        taken: Ask[int] = Ask(
            "UPDATE loyalty_device SET tries = tries + 1, last_seen_at = %s"
            " WHERE id = %s AND revoked_at IS NULL AND tries < %s RETURNING tries",
            [now, device_id, MOST_TRIES],
            row=lambda row: int(row[0]),
        )
        trip(taken)
        if taken.first is None:
            return 0
        count, ends = tally(_person(staff_id), every=DAY, now=now)
        if count > WRONG_PER_PERSON:
            raise RateLimited(retry_at=ends)
        tally_until_cleared(_at(device_id) + str(staff_id))
    return taken.only


def give_back(staff_id: int, *, device_id: int, now: datetime) -> None:
    """After a right passcode: this try, and on this device all tries for the same person.

    What was tried there for others stays: who knows one passcode guesses no other for ever.
    """
    with transaction.atomic():
        device = Device.objects.select_for_update(no_key=True).get(pk=device_id)
        take_back(_person(staff_id), every=DAY, now=now)
        device.tries = max(device.tries - clear(_at(device_id) + str(staff_id)), 0)
        if not device.is_locked:
            device.locked_at = None
        device.save(update_fields=["tries", "locked_at"])


def forget_tries_at(device_id: int, *, actor: StaffActor, now: datetime) -> None:
    """Within the transaction that locked the device: no try was made there.

    Today's tries are given back to those whose passcode the actor may set; others' stay counted,
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
            take_back(_person(number), every=DAY, now=now, count=count)


def forget_tries_of(staff_id: int) -> None:
    """The person has all of today's tries again; what devices counted stays."""
    clear(_person(staff_id))
    clear(_wrong(staff_id))


def count_wrong(staff_id: int, *, device_id: int, now: datetime) -> None:
    """Count a wrong passcode of a person; of each fifth in a day the log has a line."""
    with transaction.atomic():
        count, _ = tally(_wrong(staff_id), every=DAY, now=now)
        if count % WRONG_TO_TELL == 0 and StaffMember.objects.filter(pk=staff_id).exists():
            details = {"staff": staff_id, "wrong": count}
            _tell(EventKind.PASSCODE_WRONG, device_id, now=now, details=details)


def lock_when_used_up(device_id: int, *, now: datetime) -> None:
    """Lock a device that has no try left, with a line in the log; one that has is as it was."""
    with transaction.atomic():
        used_up = Device.objects.filter(pk=device_id, tries__gte=MOST_TRIES, locked_at=None)
        # Of several that end at once, the first one tells it.
        if used_up.update(locked_at=now):
            _tell(EventKind.DEVICE_LOCKED, device_id, now=now, details={"wrong": MOST_TRIES})


def _tell(kind: EventKind, device_id: int, *, now: datetime, details: dict[str, int]) -> None:
    Event.objects.create(
        id=tokens.ordered_id(now, random=secrets.randbits(21)),
        kind=kind,
        at=now,
        location_id=Device.objects.values_list("location_id", flat=True).get(pk=device_id),
        device_id=device_id,
        details=details,
    )


def _person(staff_id: int | str) -> str:
    return f"passcode:{staff_id}"


def _wrong(staff_id: int) -> str:
    return f"passcode-wrong:{staff_id}"


def _at(device_id: int) -> str:
    return f"passcode-at:{device_id}:"
