"""What waited for an address goes to its owner."""

from datetime import datetime

from loyalty.base import exempt
from loyalty.base.errors import Refused, SessionVoided
from loyalty.base.states import SessionStatus
from loyalty.cards.view import CollectOutcome
from loyalty.correcting.rejoin_streak import rejoin_streak
from loyalty.db.roundtrip import transaction
from loyalty.earning.credit_session import credit_session
from loyalty.earning.decide_sale import decide_sale, refused_rows
from loyalty.earning.facts import CollectFacts, facts_by_id, session_and_card
from loyalty.models import Customer, EarnSession, QueuedSession

Granted = tuple[list[CollectOutcome], list[Refused]]


@exempt.asked_already("part of a sign-in by mail")
def grant_queued(customer: Customer, *, now: datetime) -> Granted:
    """The outcomes of all sessions queued for the customer's address, oldest scan first.

    And the refusals of those that were taken back meanwhile or that a policy refuses; for the
    caller's transaction.
    """
    granted: list[CollectOutcome] = []
    refused: list[Refused] = []
    for session_id in _locked(customer, now=now):
        with transaction() as tx:
            facts = facts_by_id(tx, session_id=session_id, customer_id=customer.id)
            if _is_voided(facts):
                refused.append(SessionVoided(details={"session": session_id}))
            # Corrected to another address, or collected by this customer's other phone, while
            # this transaction waited: then it is not ours to give, or given already.
            if not _waits_for(facts, customer):
                continue
            try:
                counted_sale = decide_sale(facts)
            except Refused as why:
                # It stays queued and refused, as a scan at that moment would have been.
                tx.finish(*refused_rows(facts, why, customer_id=customer.id))
                refused.append(why)
                continue
            outcome, writes = credit_session(facts, counted_sale, customer_id=customer.id)
            tx.finish(*writes)
        if facts.is_late:
            rejoin_streak(outcome.card.id, session_id, customer.pk, now=facts.now)
        granted.append(outcome)
    return granted, refused


def _locked(customer: Customer, *, now: datetime) -> list[int]:
    waiting = QueuedSession.objects.filter(email=customer.email, expires_at__gt=now)
    ids = list(waiting.order_by("scanned_at", "session_id").values_list("pk", flat=True))
    # All sessions before the customer's row, which the first credit locks: a collect of one of
    # them holds its session and waits for the customer.
    list(EarnSession.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    return ids


def _is_voided(facts: CollectFacts) -> bool:
    return session_and_card(facts)[0].status == SessionStatus.VOIDED


def _waits_for(facts: CollectFacts, customer: Customer) -> bool:
    is_queued = facts.queued is not None and facts.queued.email == customer.email
    return is_queued and session_and_card(facts)[0].status == SessionStatus.PENDING
