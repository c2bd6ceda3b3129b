"""A session as the counter sees it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, LiteralString

from loyalty import tokens
from loyalty.errors import NotFound
from loyalty.trip import Ask, clock, trip

_SQL: LiteralString = """
SELECT s.id, s.status, s.units, v.threshold, s.token_salt, c.site_url, s.staff_id, s.expires_at,
       s.outcome
  FROM loyalty_earnsession s
  JOIN loyalty_programversion v ON v.id = s.version_id
  JOIN loyalty_settings c ON c.id = 1
 WHERE s.id = %s
"""


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session at the moment `now`; `token` is None once the session is over."""

    id: int
    status: str
    units: int
    threshold: int
    token: str | None
    site_url: str
    staff_id: int
    expires_at: datetime
    now: datetime
    outcome: str | None = None

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

    def without_secrets(self) -> "LiveSession":
        """The same for somebody who did not make it."""
        return replace(self, token=None)

    @property
    def url(self) -> str | None:
        """Where the customer's camera leads; None once the session is over."""
        return f"{self.site_url}/c/{self.token}" if self.token else None


def live_session(session_id: int, *, token_key: str) -> LiveSession:
    """The session now, its token derived anew while it is open; raises NotFound."""
    found: Ask[tuple[Any, ...]] = Ask(_SQL, [session_id])
    now = clock()
    trip(found, now)
    if found.first is None:
        raise NotFound
    identity, status, units, threshold, salt, site, staff, expires_at, outcome = found.first
    is_open = status == "open" and now.only < expires_at
    return LiveSession(
        id=identity,
        status=status,
        units=units,
        threshold=threshold,
        token=tokens.derive(token_key, bytes(salt), purpose="session") if is_open else None,
        site_url=site,
        staff_id=staff,
        expires_at=expires_at,
        now=now.only,
        outcome=outcome,
    )
