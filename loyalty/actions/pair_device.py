"""A client becomes a counter device, with a code that an owner or manager made."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from loyalty import access, tokens
from loyalty.access import Deed
from loyalty.actions.unknown_code import unknown_code
from loyalty.errors import LinkExpired
from loyalty.events import EventKind
from loyalty.models import Device, Event, PairingCode
from loyalty.queries.live_pairing import pairing_digest
from loyalty.rules import device_name
from loyalty.rules.pairing_code import typed_code
from loyalty.trip import clock, trip
from loyalty.values import Role, StaffActor


@dataclass(frozen=True, slots=True)
class Paired:
    """The device, and its token as shown once."""

    device: Device
    token: str


def pair_device(code: str, name: str, *, ip: str, token_key: str) -> Paired:
    """The new device of the code's location; its token is good until it is revoked.

    Raises InvalidInput for the name, CodeUnknown, LinkExpired for a code that was used, is too old
    or came from somebody who may not pair any more, or RateLimited.
    """
    called = device_name.cleaned(name)
    found = _pair(pairing_digest(typed_code(code), token_key=token_key), called)
    if found is None:
        unknown_code(address=ip)
    return found


def _pair(digest: bytes, name: str) -> Paired | None:
    with transaction.atomic():
        # The code's row: of two clients that show it at once, one becomes a device.
        rows = PairingCode.objects.select_for_update(of=("self",))
        row = rows.select_related("location", "made_by").filter(code_digest=digest).first()
        now = clock()
        trip(now)
        return None if row is None else _paired(row, name, now=now.only)


def _paired(row: PairingCode, name: str, *, now: datetime) -> Paired:
    maker = row.made_by
    by = StaffActor(maker.pk, Role(maker.role), maker.name)
    is_good = maker.is_active and access.may(by, Deed.MANAGE_DEVICES)
    if row.device_id or now >= row.expires_at or not is_good or row.location.is_archived:
        raise LinkExpired
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
