"""A session's state as its followers, and the person who takes it back, hear it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.base import exempt
from loyalty.base.states import SessionStatus
from loyalty.cards.reads import waiting_on
from loyalty.cards.view import CollectOutcome
from loyalty.sessions.live_session import LiveSession


@dataclass(frozen=True, slots=True)
class SessionState:
    """The state at a moment; the counts are those of its collect, None if there was none.

    `waiting` are the bonuses on the card: right after the collect, and once it was taken back, or
    imported, those of now.
    """

    status: str
    seconds_left: int
    seconds_until_expiry: float | None
    units: int | None
    bonuses: int | None
    waiting: int | None
    at: datetime


@exempt.asked_already("of a session that was read for the caller")
def session_state(live: LiveSession) -> SessionState:
    """The state of a session that was just read."""
    outcome = CollectOutcome.from_stored(json.loads(live.outcome)) if live.outcome else None
    is_open, is_collected = (
        live.shown_status == SessionStatus.OPEN,
        live.shown_status == SessionStatus.COLLECTED,
    )
    return _state(
        live.shown_status,
        outcome,
        seconds_left=live.seconds_left,
        seconds_until_expiry=(live.expires_at - live.now).total_seconds() if is_open else None,
        at=outcome.at if outcome and is_collected else live.now,
        # What was imported never was on a screen: its outcome does not say what waited then.
        is_of_now=live.shown_status == SessionStatus.VOIDED or live.staff_id is None,
    )


def voided_state(kept: dict[str, Any] | None, *, at: datetime) -> SessionState:
    """The state of a session that was taken back; `kept` is the outcome of its collect, if any."""
    outcome = CollectOutcome.from_stored(kept) if kept else None
    return _state(
        SessionStatus.VOIDED,
        outcome,
        seconds_left=0,
        seconds_until_expiry=None,
        at=at,
        is_of_now=True,
    )


def _state(  # noqa: PLR0913  each is a fact of its own
    status: str,
    outcome: CollectOutcome | None,
    *,
    seconds_left: int,
    seconds_until_expiry: float | None,
    at: datetime,
    is_of_now: bool,
) -> SessionState:
    return SessionState(
        status=status,
        seconds_left=seconds_left,
        seconds_until_expiry=seconds_until_expiry,
        units=outcome.units if outcome else None,
        bonuses=len(outcome.bonuses) if outcome else None,
        waiting=_waiting(outcome, is_of_now=is_of_now) if outcome else None,
        at=at,
    )


def _waiting(outcome: CollectOutcome, *, is_of_now: bool) -> int:
    return waiting_on(outcome.card.id) if is_of_now else len(outcome.card.bonuses)
