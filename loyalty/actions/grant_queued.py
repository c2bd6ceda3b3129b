"""What waited for an address goes to its owner."""

from datetime import datetime
from typing import Any

from loyalty.actions.credit_session import credit_session
from loyalty.errors import Refused, SessionVoided
from loyalty.models import Customer, QueuedSession
from loyalty.queries.collect_facts import decided, facts_by_id
from loyalty.trip import transaction

Granted = tuple[list[dict[str, Any]], list[Refused]]


def grant_queued(customer: Customer, *, now: datetime) -> Granted:
    """The outcomes of all sessions queued for the customer's address, oldest scan first.

    And the refusals of those that were taken back meanwhile; for the caller's transaction.
    """
    granted: list[dict[str, Any]] = []
    refused: list[Refused] = []
    waiting = QueuedSession.objects.filter(email=customer.email, expires_at__gt=now)
    for session_id in waiting.order_by("scanned_at", "session_id").values_list("pk", flat=True):
        with transaction() as tx:
            facts = facts_by_id(tx, session_id=session_id, customer_id=customer.id)
            session, _ = decided(facts)
            if session.status != "pending":
                refused.append(SessionVoided(details={"session": session_id}))
                continue
            outcome, writes = credit_session(facts, customer_id=customer.id)
            tx.finish(*writes)
        granted.append(outcome)
    return granted, refused
