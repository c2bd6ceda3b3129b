"""A session as the counter sees it."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString, NamedTuple

from loyalty.base import access, exempt, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.states import EXPIRED, SessionStatus
from loyalty.base.values import Actor, Mechanic, Preview, StaffActor, Units
from loyalty.counting.completion import completed_alone
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, clock, send
from loyalty.models import EarnSession
from loyalty.programs.mechanics import mechanic_columns


@dataclass(frozen=True, slots=True)
class SaleOrigin:
    """Where and when a session was made, and by which button; `collected_at` once it was."""

    program_id: int
    location_id: int
    preset_id: int | None
    created_at: datetime
    collected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session at the moment `now`; `token` is None once the session is over.

    `counted` are the units of its sale, before the scan's ceiling trimmed them.
    """

    id: int
    status: str
    units: int
    mechanic: Mechanic
    token: str | None
    site_url: str
    staff_id: int
    expires_at: datetime
    now: datetime
    place: SaleOrigin
    counted: int
    currency: str
    outcome: str | None = None
    tier_units: dict[str, int] | None = None

    @property
    def shown_status(self) -> str:
        """The stored status, or EXPIRED: expiry is judged, never stored."""
        if self.status == SessionStatus.OPEN and self.now >= self.expires_at:
            return EXPIRED
        return self.status

    @property
    def seconds_left(self) -> int:
        """Whole seconds until the session dies, 0 when it is over."""
        if self.shown_status != SessionStatus.OPEN:
            return 0
        return max(0, -int((self.now - self.expires_at).total_seconds() // 1))

    def preview(self) -> Preview:
        """What the sale earns by itself."""
        units = tuple(
            Units(int(tier), count) for tier, count in (self.tier_units or {}).items()
        ) or (Units(None, self.units),)
        return Preview(
            units,
            missing=0,
            completes_cards=completed_alone(self.mechanic, units),
            counted=self.counted,
            limit=self.units if self.counted > self.units else None,
            currency=self.currency,
            counts_money=self.mechanic.counts_money,
        )

    def without_secrets(self) -> "LiveSession":
        """The same for somebody who did not make it."""
        return replace(self, token=None)

    @property
    def url(self) -> str | None:
        """Where the customer's camera leads; None once the session is over."""
        return f"{self.site_url}/c/{self.token}" if self.token else None


def stored(earned: Iterable[Units]) -> dict[str, int] | None:
    """The units by tier as a session keeps them; None for the only counter of other programs."""
    found = {str(each.tier_id): each.count for each in earned if each.tier_id is not None}
    return found or None


class SessionRow(NamedTuple):
    """A session as it is stored."""

    mechanic: Mechanic
    id: int
    status: str
    units: int
    token_salt: bytes
    site_url: str
    staff_id: int
    expires_at: datetime
    outcome: str | None
    tier_units: str | None
    place: SaleOrigin
    counted: str | None
    currency: str


_SESSION = columns(
    SessionRow,
    "s",
    mechanic=mechanic_columns("v"),
    site_url="c.site_url",
    place=columns(SaleOrigin, "s"),
    counted="s.policy ->> 'counted'",
    currency="p.currency",
)
_SQL: LiteralString = f"""
SELECT {_SESSION.sql}
  FROM loyalty_earnsession s
  JOIN loyalty_program p ON p.id = s.program_id
  JOIN loyalty_programversion v ON v.id = s.version_id
  JOIN loyalty_settings c ON c.id = 1
 WHERE s.id
"""  # noqa: S608  our own columns


@exempt.row_decides("its maker, or who reads anybody's")
def live_session(session_id: int, *, actor: Actor, token_key: str) -> LiveSession:
    """The session now, for its maker and for managers; raises NotFound for all others.

    Its token is derived again while it is open, for its maker alone.
    """
    found = Query(_SQL + " = %s", [session_id], row=_SESSION.row)
    now = clock()
    send(found, now)
    if found.first is None:
        raise NotFound
    live = _live(found.first, now=now.only, token_key=token_key)
    is_own = _is_own(live, actor)
    access.require_own(actor, Permission.READ_ANY_SESSION, is_own=is_own)
    return live if is_own else live.without_secrets()


@exempt.row_decides("its maker, or who reads anybody's")
def live_sessions(numbers: Collection[int], *, actor: Actor) -> dict[int, LiveSession]:
    """These sessions now, without their secrets; raises NotFound for one that is not the actor's.

    Unknown numbers are left out.
    """
    found = Query(_SQL + " = ANY(%s)", [list(numbers)], row=_SESSION.row)
    now = clock()
    send(found, now)
    every = [_live(row, now=now.only, token_key=None) for row in found.rows]
    are_own = all(_is_own(live, actor) for live in every)
    access.require_own(actor, Permission.READ_ANY_SESSION, is_own=are_own)
    return {each.id: each for each in every}


def _is_own(live: LiveSession, actor: Actor) -> bool:
    return isinstance(actor, StaffActor) and actor.id == live.staff_id


def latest_of(staff_id: int, *, first: int, actor: StaffActor) -> list[int]:
    """The numbers of the staff member's latest sessions, the newest first.

    Staff read their own, managers anybody's; raises NotAllowed.
    """
    access.require(actor, Permission.READ_PANEL)
    if staff_id != actor.id:
        access.require(actor, Permission.READ_ANY_SESSION)
    rows = EarnSession.objects.filter(staff_id=staff_id).order_by("-created_at", "-id")
    return list(rows.values_list("pk", flat=True)[:first])


def _live(row: SessionRow, *, now: datetime, token_key: str | None) -> LiveSession:
    is_shown = token_key is not None and row.status == SessionStatus.OPEN and now < row.expires_at
    salt = bytes(row.token_salt)
    return LiveSession(
        id=row.id,
        status=row.status,
        units=row.units,
        mechanic=row.mechanic,
        token=tokens.derive(token_key or "", salt, purpose="session") if is_shown else None,
        site_url=row.site_url,
        staff_id=row.staff_id,
        expires_at=row.expires_at,
        now=now,
        place=row.place,
        counted=int(row.counted or row.units),
        currency=row.currency,
        outcome=row.outcome,
        tier_units=json.loads(row.tier_units) if row.tier_units else None,
    )
