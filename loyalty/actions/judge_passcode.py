"""Decides whether a passcode fits, five tries a device (SPEC section 13)."""

from loyalty.actions.passcode_hash import fits
from loyalty.actions.passcode_tries import count_wrong, give_back, lock_when_used_up, take_try
from loyalty.errors import DeviceLocked, SignInFailed
from loyalty.models import StaffMember
from loyalty.models.device import MOST_TRIES
from loyalty.rules.passcode import in_latin_digits
from loyalty.trip import clock, trip


def judge_passcode(staff_id: int, typed: str, *, device_id: int, token_key: str) -> str:
    """The stored hash that the passcode fits; a right one gives back the person's own tries.

    Raises SignInFailed (whatever was wrong, with the device's `triesLeft`), DeviceLocked, or
    RateLimited after 30 wrong ones for a person in a day. What is judged is counted; what is
    refused unjudged is not.
    """
    now = clock()
    trip(now)
    # Each try is counted before it is judged: of a hundred at once five are judged.
    taken = take_try(staff_id, device_id=device_id, now=now.only)
    if not taken:
        lock_when_used_up(device_id, now=now.only)
        raise DeviceLocked
    stored = _stored(staff_id)
    digits = in_latin_digits(typed)
    if not fits(digits, stored, staff_id=staff_id, token_key=token_key) or stored is None:
        count_wrong(staff_id, device_id=device_id, now=now.only)
        lock_when_used_up(device_id, now=now.only)
        raise SignInFailed(details={"what": "passcode", "triesLeft": MOST_TRIES - taken})
    give_back(staff_id, device_id=device_id, now=now.only)
    return stored


def _stored(staff_id: int) -> str | None:
    found = StaffMember.objects.filter(pk=staff_id, is_active=True)
    return found.values_list("passcode", flat=True).first()
