"""A client becomes a counter device, with a code that an owner or manager made."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from loyalty.base import access, exempt, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import CodeUnknown, LinkExpired, RateLimited
from loyalty.base.values import Role, StaffActor
from loyalty.db.ids import new_id
from loyalty.db.roundtrip import database_now
from loyalty.devices import device_name
from loyalty.devices.live_pairing import pairing_digest
from loyalty.devices.pairing_code import begins_alike, typed_code
from loyalty.events.devices import DevicePairedDetails
from loyalty.guards.allowance import Attempt, is_taken
from loyalty.guards.limits import PAIRING_CODE
from loyalty.guards.refuse_unknown_code import refuse_unknown_code
from loyalty.log.lines import write_line
from loyalty.models import Device, PairingCode


@dataclass(frozen=True, slots=True)
class PairedDevice:
    """The device, and its token as shown once."""

    device: Device
    token: str


@exempt.open_to_all("a code that an owner or manager made is its own proof")
def pair_device(code: str, name: str, *, ip: str, token_key: str) -> PairedDevice:
    """The new device of the code's location; its token is good until it is revoked.

    Raises InvalidInput for the name, LinkExpired for a code that was used, is too old, was guessed
    at ten times or came from somebody who may not pair any more, or what an unknown code is
    refused for: that counts for the codes that begin like it, and closes nothing for others.
    """
    called = device_name.cleaned(name)
    wanted = typed_code(code)
    try:
        found = _pair(pairing_digest(wanted, token_key=token_key), called)
    except CodeUnknown:
        _count_guess(wanted, token_key=token_key)
        # Counted outside the transaction, which the refusal took back.
        refuse_unknown_code(who=f"pairing {ip}")
    if found is None:
        raise LinkExpired(details={"what": "pairing"})
    return found


def _count_guess(wanted: str, *, token_key: str) -> None:
    """For each live code that begins like it, no matter who typed it.

    A code's first signs are only its name: who does not know them guesses at nothing, and who does
    has ten tries at the rest.
    """
    now = database_now()
    live = PairingCode.objects.filter(device=None, expires_at__gt=now).order_by("pk")
    for number, salt in live.values_list("pk", "salt"):
        if begins_alike(tokens.derive_pairing_code(token_key, bytes(salt)), wanted):
            is_taken((PAIRING_CODE, str(number)), now=now)


def _is_guessed_at(row: PairingCode, *, now: datetime) -> bool:
    # The count's row puts this right try and all wrong ones in one order.
    try:
        Attempt((PAIRING_CODE, str(row.pk)), now=now).settle(was_right=True)
    except RateLimited:
        return True
    return False


def _pair(digest: bytes, name: str) -> PairedDevice | None:
    with transaction.atomic():
        # The code's row: of two clients that show it at once, one becomes a device.
        rows = PairingCode.objects.select_for_update(of=("self",))
        row = rows.select_related("location", "made_by").filter(code_digest=digest).first()
        now = database_now()
        if row is None:
            raise CodeUnknown
        return _paired(row, name, now=now)


def _paired(row: PairingCode, name: str, *, now: datetime) -> PairedDevice | None:
    maker = row.made_by
    by = StaffActor(maker.pk, Role(maker.role), maker.name)
    is_good = maker.is_active and access.may(by, Permission.MANAGE_DEVICES)
    if row.device_id or now >= row.expires_at or not is_good or row.location.is_archived:
        return None
    if _is_guessed_at(row, now=now):
        return None
    token = secrets.token_urlsafe(32)
    row.device = Device.objects.create(
        id=new_id(now),
        name=name,
        location=row.location,
        token_digest=tokens.digest(token),
        paired_by=maker,
        paired_at=now,
        last_seen_at=now,
    )
    row.save(update_fields=["device"])
    write_line(
        DevicePairedDetails(),
        at=now,
        location_id=row.location_id,
        staff_id=maker.pk,
        device_id=row.device.pk,
    )
    return PairedDevice(row.device, token)
