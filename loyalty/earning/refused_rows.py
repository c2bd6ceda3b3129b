"""Keeps the decision behind a credit that was not given.

Rules: docs/rules.md#a-collect-step-by-step.
"""

import secrets
from typing import Any

from loyalty.base import tokens
from loyalty.base.errors import Refused
from loyalty.base.events import EventKind
from loyalty.db.roundtrip import Query, insert
from loyalty.earning.facts import CollectFacts, snapshot_of
from loyalty.models import Event


def refused_rows(facts: CollectFacts, refused: Refused, *, customer_id: int) -> list[Query[Any]]:
    """One line of the log for this customer, session and reason, however often it is tried."""
    session = facts.session
    if session is None:
        return []
    line = insert(
        Event,
        id=tokens.ordered_id(facts.now, random=secrets.randbits(21)),
        kind=EventKind.REFUSED,
        code=refused.code,
        at=facts.at,
        location_id=session.location_id,
        staff_id=session.staff_id,
        device_id=session.device_id,
        preset_id=session.preset_id,
        session_id=session.id,
        card_id=facts.card.card_id if facts.card else None,
        version_id=session.version_id,
        units=session.units,
        amount=session.amount,
        points=session.points,
        policy=snapshot_of(session),
        details=details(refused),
        customer_id=customer_id,
    )
    return [Query(f"{line.sql} ON CONFLICT DO NOTHING", line.params)]


def details(refused: Refused) -> dict[str, Any]:
    """What the sentence about it needs."""
    found: dict[str, Any] = dict(refused.details)
    if refused.retry_at:
        found["retry_at"] = refused.retry_at.isoformat()
    return found
