"""A session as the counter sees it."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, LiteralString

from loyalty import tokens
from loyalty.errors import NotFound
from loyalty.queries.mechanics import COLUMNS, WIDTH, mechanic
from loyalty.rules.completion import completed_alone
from loyalty.trip import Ask, clock, trip
from loyalty.values import Mechanic, Preview, Units

_SQL: LiteralString = (
    "SELECT "  # noqa: S608  our own columns
    + COLUMNS
    + """
, s.id, s.status, s.units, s.token_salt, c.site_url, s.staff_id, s.expires_at,
       s.outcome, s.tier_units
  FROM loyalty_earnsession s
  JOIN loyalty_programversion v ON v.id = s.version_id
  JOIN loyalty_settings c ON c.id = 1
 WHERE s.id
"""
)


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session at the moment `now`; `token` is None once the session is over."""

    id: int
    status: str
    units: int
    mechanic: Mechanic
    token: str | None
    site_url: str
    staff_id: int
    expires_at: datetime
    now: datetime
    outcome: str | None = None
    tier_units: dict[str, int] | None = None

    @property
    def shown_status(self) -> str:
        """The stored status, or "expired": expiry is judged, never stored."""
        if self.status == "open" and self.now >= self.expires_at:
            return "expired"
        return self.status

    @property
    def seconds_left(self) -> int:
        """Whole seconds until the session dies, 0 when it is over."""
        if self.shown_status != "open":
            return 0
        return max(0, -int((self.now - self.expires_at).total_seconds() // 1))

    def preview(self) -> Preview:
        """What the sale earns by itself."""
        units = tuple(
            Units(int(tier), count) for tier, count in (self.tier_units or {}).items()
        ) or (Units(None, self.units),)
        return Preview(units, 0, completed_alone(self.mechanic, units))

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


def live_session(session_id: int, *, token_key: str) -> LiveSession:
    """The session now, its token derived anew while it is open; raises NotFound."""
    found: Ask[tuple[Any, ...]] = Ask(_SQL + " = %s", [session_id])
    now = clock()
    trip(found, now)
    if found.first is None:
        raise NotFound
    return _live(found.first, now=now.only, token_key=token_key)


def live_sessions(numbers: Collection[int]) -> dict[int, LiveSession]:
    """These sessions now, without their secrets; unknown numbers are left out."""
    found: Ask[tuple[Any, ...]] = Ask(_SQL + " = ANY(%s)", [list(numbers)])
    now = clock()
    trip(found, now)
    every = (_live(row, now=now.only, token_key=None) for row in found.rows)
    return {each.id: each for each in every}


def _live(row: tuple[Any, ...], *, now: datetime, token_key: str | None) -> LiveSession:
    identity, status, units, salt, site, staff, expires_at, outcome, tiers = row[WIDTH:]
    is_shown = token_key is not None and status == "open" and now < expires_at
    return LiveSession(
        id=identity,
        status=status,
        units=units,
        mechanic=mechanic(row),
        token=tokens.derive(token_key or "", bytes(salt), purpose="session") if is_shown else None,
        site_url=site,
        staff_id=staff,
        expires_at=expires_at,
        now=now,
        outcome=outcome,
        tier_units=json.loads(tiers) if tiers else None,
    )
