"""Decides whether a passcode fits, five tries a device (SPEC section 13)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from loyalty import tokens
from loyalty.actions.passcode_hash import fits
from loyalty.actions.tally import take_back, tally
from loyalty.errors import DeviceLocked, RateLimited, SignInFailed
from loyalty.events import EventKind
from loyalty.models import Device, Event, StaffMember
from loyalty.models.device import MOST_TRIES
from loyalty.rules.passcode import in_latin_digits
from loyalty.trip import Ask, clock, trip

# A right passcode opens the device's count again: without this, somebody with a passcode of their
# own could guess a colleague's four by four.
WRONG_PER_PERSON = 30
DAY = timedelta(days=1)


def judge_passcode(staff_id: int, typed: str, *, device_id: int, token_key: str) -> str:
    """The stored hash that the passcode fits; a right one opens the device's five tries anew.

    Raises SignInFailed (whatever was wrong), DeviceLocked, or RateLimited after 30 wrong ones for
    a person in a day; the try is counted even so.
    """
    now = clock()
    trip(now)
    # Each try is counted before it is judged: of a hundred at once five are judged.
    if not _take_try(device_id, at=now.only):
        raise DeviceLocked
    counted = f"passcode:{staff_id}"
    count, ends = tally(counted, every=DAY, now=now.only)
    if count > WRONG_PER_PERSON:
        raise RateLimited(retry_at=ends)
    stored = _stored(staff_id)
    digits = in_latin_digits(typed)
    if not fits(digits, stored, staff_id=staff_id, token_key=token_key) or stored is None:
        _lock_when_used_up(device_id, now=now.only)
        raise SignInFailed
    take_back(counted, every=DAY, now=now.only)
    Device.objects.filter(pk=device_id).update(tries=0, locked_at=None)
    return stored


def _take_try(device_id: int, *, at: datetime) -> bool:
    # One statement, committed by itself: the count survives the refusal that follows from it.
    taken: Ask[Any] = Ask(
        "UPDATE loyalty_device SET tries = tries + 1, last_seen_at = %s"
        " WHERE id = %s AND revoked_at IS NULL AND tries < %s RETURNING id",
        [at, device_id, MOST_TRIES],
    )
    trip(taken)
    return taken.first is not None


def _stored(staff_id: int) -> str | None:
    found = StaffMember.objects.filter(pk=staff_id, is_active=True)
    return found.values_list("passcode", flat=True).first()


def _lock_when_used_up(device_id: int, *, now: datetime) -> None:
    with transaction.atomic():
        used_up = Device.objects.filter(pk=device_id, tries__gte=MOST_TRIES, locked_at=None)
        # Of several wrong ones that end at once, the first one tells it.
        if not used_up.update(locked_at=now):
            return
        Event.objects.create(
            id=tokens.ordered_id(now, random=secrets.randbits(21)),
            kind=EventKind.DEVICE_LOCKED,
            at=now,
            location_id=Device.objects.values_list("location_id", flat=True).get(pk=device_id),
            device_id=device_id,
            details={"wrong": MOST_TRIES},
        )
