"""A session's state as its followers, and whoever takes it back, hear it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.queries.live_session import LiveSession


@dataclass(frozen=True, slots=True)
class SessionState:
    """The state at a moment; the counts are those of its collect, None if there was none."""

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
    is_open, is_collected = live.shown_status == "open", live.shown_status == "collected"
    return _state(
        live.shown_status,
        outcome,
        seconds_left=live.seconds_left,
        seconds_until_expiry=(live.expires_at - live.now).total_seconds() if is_open else None,
        at=datetime.fromisoformat(outcome["at"]) if outcome and is_collected else live.now,
    )


def voided_state(outcome: dict[str, Any] | None, *, at: datetime) -> SessionState:
    """The state of a session that was taken back; `outcome` is that of its collect, if any."""
    return _state("voided", outcome, seconds_left=0, seconds_until_expiry=None, at=at)


def _state(
    status: str,
    outcome: dict[str, Any] | None,
    *,
    seconds_left: int,
    seconds_until_expiry: float | None,
    at: datetime,
) -> SessionState:
    return SessionState(
        status=status,
        seconds_left=seconds_left,
        seconds_until_expiry=seconds_until_expiry,
        units=outcome["units"] if outcome else None,
        bonuses=len(outcome["bonuses"]) if outcome else None,
        waiting=len(outcome["card"]["bonuses"]) if outcome else None,
        at=at,
    )
