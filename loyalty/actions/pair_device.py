"""A client becomes a counter device, with a code that an owner or manager made."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from loyalty import access, tokens
from loyalty.access import Deed
from loyalty.actions.tally import take_back, tally
from loyalty.errors import CodeUnknown, LinkExpired, RateLimited
from loyalty.events import EventKind
from loyalty.models import Device, Event, PairingCode
from loyalty.queries.live_pairing import pairing_digest
from loyalty.rules import device_name
from loyalty.rules.pairing_code import typed_code
from loyalty.trip import clock, database_now, trip
from loyalty.values import Role, StaffActor

WINDOW = timedelta(minutes=10)
UNKNOWN_FROM_ONE_PLACE = 10


@dataclass(frozen=True, slots=True)
class Paired:
    """The device, and its token as shown once."""

    device: Device
    token: str


def pair_device(code: str, name: str, *, ip: str, token_key: str) -> Paired:
    """The new device of the code's location; its token is good until it is revoked.

    Raises InvalidInput for the name, CodeUnknown, LinkExpired for a code that was used, is too old
    or came from somebody who may not pair any more, or RateLimited after 10 unknown ones from one
    IP in 10 minutes.
    """
    called = device_name.cleaned(name)
    begun = database_now()
    _count_try(ip, now=begun)
    found = _pair(pairing_digest(typed_code(code), token_key=token_key), called)
    # Whoever knows a code, used or not, did not guess.
    take_back(_tries(ip), every=WINDOW, now=begun)
    if found is None:
        raise LinkExpired(details={"what": "pairing"})
    return found


def _count_try(ip: str, *, now: datetime) -> None:
    # Before it is looked up: of a hundred at once ten are. What is refused here is not counted.
    with transaction.atomic():
        count, ends = tally(_tries(ip), every=WINDOW, now=now)
        if count > UNKNOWN_FROM_ONE_PLACE:
            raise RateLimited(retry_at=ends)


def _tries(ip: str) -> str:
    return f"pair:{ip}"


def _pair(digest: bytes, name: str) -> Paired | None:
    with transaction.atomic():
        # The code's row: of two clients that show it at once, one becomes a device.
        rows = PairingCode.objects.select_for_update(of=("self",))
        row = rows.select_related("location", "made_by").filter(code_digest=digest).first()
        now = clock()
        trip(now)
        if row is None:
            raise CodeUnknown
        return _paired(row, name, now=now.only)


def _paired(row: PairingCode, name: str, *, now: datetime) -> Paired | None:
    maker = row.made_by
    by = StaffActor(maker.pk, Role(maker.role), maker.name)
    is_good = maker.is_active and access.may(by, Deed.MANAGE_DEVICES)
    if row.device_id or now >= row.expires_at or not is_good or row.location.is_archived:
        return None
    token = secrets.token_urlsafe(32)
    row.device = Device.objects.create(
        id=tokens.ordered_id(now, random=secrets.randbits(21)),
        name=name,
        location=row.location,
        token_digest=tokens.digest(token),
        paired_by=maker,
        paired_at=now,
        last_seen_at=now,
    )
    row.save(update_fields=["device"])
    Event.objects.create(
        id=tokens.ordered_id(now, random=secrets.randbits(21)),
        kind=EventKind.DEVICE_PAIRED,
        at=now,
        location_id=row.location_id,
        staff_id=maker.pk,
        device_id=row.device.pk,
    )
    return Paired(row.device, token)
