"""Keeps the decision behind a credit that was not given.

Rules: docs/rules.md#a-collect-step-by-step.
"""

from typing import Any

from loyalty.base import exempt
from loyalty.base.errors import Refused
from loyalty.db.roundtrip import Query
from loyalty.earning.facts import CollectFacts, snapshot_of
from loyalty.log.refusals import refusal_line


@exempt.asked_already("part of a collect, and of a sign-in that grants what waited")
def refused_rows(facts: CollectFacts, refused: Refused, *, customer_id: int) -> list[Query[Any]]:
    """One line of the log for this customer, session and reason, however often it is tried."""
    session = facts.session
    if session is None:
        return []
    line = refusal_line(
        refused,
        at=facts.at,
        now=facts.now,
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
        customer_id=customer_id,
    )
    return [line]
