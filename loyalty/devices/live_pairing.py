"""A pairing code as the person who made it sees it."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.base import access, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import StaffActor
from loyalty.db.roundtrip import database_now
from loyalty.devices.pairing_code import spoken
from loyalty.models import Location, PairingCode
from loyalty.people.profile import site_url


@dataclass(frozen=True, slots=True)
class LivePairing:
    """A code at the moment `now`, in two halves; `page` is where it is typed, `url` with it."""

    id: int
    code: str
    url: str
    page: str
    location: Location
    expires_at: datetime
    now: datetime

    @property
    def seconds_left(self) -> int:
        """Whole seconds until it is over."""
        return max(0, -int((self.now - self.expires_at).total_seconds() // 1))


def live_pairing(code_id: int, *, actor: StaffActor, token_key: str) -> LivePairing:
    """The code while it is live and unused, for its maker alone; raises NotFound."""
    access.require(actor, Permission.MANAGE_DEVICES)
    rows = PairingCode.objects.select_related("location")
    now = database_now()
    row = rows.filter(pk=code_id, made_by=actor.id, device=None).first()
    if row is None or now >= row.expires_at:
        raise NotFound
    return pairing(row, token_key=token_key, now=now)


def pairing(row: PairingCode, *, token_key: str, now: datetime) -> LivePairing:
    """The code of a row, derived again."""
    code = spoken(tokens.derive_pairing_code(token_key, bytes(row.salt)))
    page = f"{site_url()}/pair"
    return LivePairing(row.pk, code, f"{page}/{code}", page, row.location, row.expires_at, now)


def pairing_digest(code: str, *, token_key: str) -> bytes:
    """What a code is looked up by."""
    return tokens.keyed_digest(token_key, code, purpose="pairing code")
