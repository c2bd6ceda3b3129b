"""A session's state as its followers hear it."""

import json
from dataclasses import dataclass
from datetime import datetime

from loyalty.queries.live_session import LiveSession


@dataclass(frozen=True, slots=True)
class SessionState:
    """The state at a moment; counts only once it was collected."""

    status: str
    seconds_left: int
    seconds_until_expiry: float | None
    units: int | None
    bonuses: int | None
    waiting: int | None
    at: datetime


def session_state(live: LiveSession) -> SessionState:
    """The state of a session that was just read."""
    outcome = json.loads(live.outcome) if live.outcome else None
    is_open = live.shown_status == "open"
    return SessionState(
        status=live.shown_status,
        seconds_left=live.seconds_left,
        seconds_until_expiry=(live.expires_at - live.now).total_seconds() if is_open else None,
        units=outcome["units"] if outcome else None,
        bonuses=len(outcome["bonuses"]) if outcome else None,
        waiting=len(outcome["card"]["bonuses"]) if outcome else None,
        at=datetime.fromisoformat(outcome["at"]) if outcome else live.now,
    )
