"""An owner or manager makes a code that pairs one device (SPEC section 13)."""

import secrets
from datetime import timedelta

from loyalty import access, tokens
from loyalty.access import Deed
from loyalty.errors import NotFound
from loyalty.models import Location, PairingCode
from loyalty.queries.live_pairing import LivePairing, pairing, pairing_digest
from loyalty.trip import clock, trip
from loyalty.values import StaffActor

LASTS = timedelta(minutes=10)


def create_pairing_code(location_id: int, *, actor: StaffActor, token_key: str) -> LivePairing:
    """A new code for this location, good for one device and 10 minutes.

    Raises NotFound (also for whoever may not do this).
    """
    location = Location.objects.filter(pk=location_id, is_archived=False).first()
    if location is None or not access.may(actor, Deed.MANAGE_DEVICES):
        raise NotFound
    now = clock()
    trip(now)
    salt = secrets.token_bytes(tokens.SALT_BYTES)
    code = tokens.derive_pairing_code(token_key, salt)
    made = PairingCode.objects.create(
        id=tokens.ordered_id(now.only, random=secrets.randbits(21)),
        salt=salt,
        code_digest=pairing_digest(code, token_key=token_key),
        location=location,
        made_by_id=actor.id,
        created_at=now.only,
        expires_at=now.only + LASTS,
    )
    return pairing(made, token_key=token_key, now=now.only)
