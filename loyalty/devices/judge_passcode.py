"""Decides whether a passcode fits, five tries a device (docs/rules.md#devices)."""

from datetime import datetime
from typing import NoReturn

from loyalty.base import exempt
from loyalty.base.errors import DeviceLocked, SignInFailed
from loyalty.db.roundtrip import database_now
from loyalty.devices.passcode import in_latin_digits
from loyalty.devices.passcode_hash import fits
from loyalty.devices.passcode_tries import begin_try, count_wrong, lock_when_used_up, settle_try
from loyalty.models import StaffMember
from loyalty.models.device import MOST_TRIES


@exempt.asked_already("part of switching on, and of setting a passcode on a device")
def judge_passcode(staff_id: int, typed: str, *, device_id: int, token_key: str) -> str:
    """The stored hash that the passcode fits; a right one gives back the person's own tries.

    Raises SignInFailed (whatever was wrong, with the device's `triesLeft`), DeviceLocked, or
    RateLimited after 30 wrong ones for a person in a day. What is judged is counted; what is
    refused unjudged is not.
    """
    now = database_now()
    if not begin_try(staff_id, device_id=device_id, now=now):
        _refuse_locked(device_id, now=now)
    stored = _stored(staff_id)
    is_right = fits(in_latin_digits(typed), stored, staff_id=staff_id, token_key=token_key)
    # Counted behind it: of a hundred at once five are told that they are wrong, and a right one
    # is told only while fewer were before it.
    counted = settle_try(staff_id, device_id=device_id, now=now, was_right=is_right)
    if counted is None:
        _refuse_locked(device_id, now=now)
    if not is_right or stored is None:
        count_wrong(staff_id, device_id=device_id, now=now)
        lock_when_used_up(device_id, now=now)
        raise SignInFailed(details={"what": "passcode", "triesLeft": MOST_TRIES - counted})
    return stored


def _refuse_locked(device_id: int, *, now: datetime) -> NoReturn:
    lock_when_used_up(device_id, now=now)
    raise DeviceLocked


def _stored(staff_id: int) -> str | None:
    found = StaffMember.objects.filter(pk=staff_id, is_active=True)
    return found.values_list("passcode", flat=True).first()
