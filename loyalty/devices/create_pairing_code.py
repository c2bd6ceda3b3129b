"""An owner or manager makes a code that pairs one device (docs/rules.md#devices)."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from loyalty.base import access, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound, RateLimited
from loyalty.base.values import StaffActor
from loyalty.db.ids import new_id
from loyalty.db.roundtrip import database_now
from loyalty.devices.live_pairing import LivePairing, pairing, pairing_digest
from loyalty.models import Location, PairingCode, Settings

LASTS = timedelta(minutes=10)
# At a business: each one that waits is one more that could be guessed.
MOST_WAITING = 20


def create_pairing_code(location_id: int, *, actor: StaffActor, token_key: str) -> LivePairing:
    """A new code for this location, good for one device and 10 minutes.

    Raises NotFound, or RateLimited while 20 wait to be used.
    """
    access.require(actor, Permission.MANAGE_DEVICES)
    location = Location.objects.filter(pk=location_id, is_archived=False).first()
    if location is None:
        raise NotFound
    salt = secrets.token_bytes(tokens.SALT_BYTES)
    code = tokens.derive_pairing_code(token_key, salt)
    with transaction.atomic():
        # The business's one row of settings: of two at once the second counts the first one's.
        Settings.objects.select_for_update(no_key=True).get()
        now = database_now()
        _check_room(now)
        made = PairingCode.objects.create(
            id=new_id(now),
            salt=salt,
            code_digest=pairing_digest(code, token_key=token_key),
            location=location,
            made_by_id=actor.id,
            created_at=now,
            expires_at=now + LASTS,
        )
    return pairing(made, token_key=token_key, now=now)


def _check_room(now: datetime) -> None:
    waiting = PairingCode.objects.filter(device=None, expires_at__gt=now)
    ends = list(waiting.order_by("expires_at").values_list("expires_at", flat=True))
    if len(ends) >= MOST_WAITING:
        details: dict[str, str | int] = {"what": "pairing codes", "limit": MOST_WAITING}
        raise RateLimited(retry_at=ends[0], details=details)
