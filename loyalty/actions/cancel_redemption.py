"""The customer takes a redemption back; the bonus waits again."""

import secrets
from dataclasses import replace

from loyalty import tokens
from loyalty.actions.decide_redemption import details, tell
from loyalty.actions.preview_redemption import check_live
from loyalty.database_errors import once_more
from loyalty.errors import NotFound
from loyalty.events import EventKind
from loyalty.models import Event, Redemption
from loyalty.queries.live_redemption import LiveRedemption, shown
from loyalty.queries.redemption_facts import BY_ID, RedemptionFacts, card_of, redemption
from loyalty.trip import clock, insert, transaction, update
from loyalty.values import CustomerActor


def cancel_redemption(
    redemption_id: int, *, actor: CustomerActor, token_key: str
) -> LiveRedemption:
    """The cancelled redemption, however often it is asked.

    Raises NotFound (also for somebody else's), RedemptionExpired, AlreadyRedeemed or
    RedemptionCancelled (a manager put back what was given).
    """
    found, is_new = _cancel(redemption_id, actor, token_key)
    if is_new:
        tell(found.id, status="cancelled", at=found.now)
    return found


@once_more
def _cancel(
    redemption_id: int, actor: CustomerActor, token_key: str
) -> tuple[LiveRedemption, bool]:
    with transaction() as tx:
        card, found, now = card_of(BY_ID, redemption_id), redemption(BY_ID, redemption_id), clock()
        tx.trip(card, found, now)
        facts: RedemptionFacts | None = found.first
        if facts is None or facts.customer_id != actor.id:
            raise NotFound
        if facts.status == "cancelled":
            return shown(facts, token_key=token_key, now=now.only), False
        check_live(facts, now=now.only)
        tx.finish(
            update(Redemption, facts.id, status="cancelled", decided_at=now.only),
            insert(
                Event,
                id=tokens.ordered_id(now.only, random=secrets.randbits(21)),
                kind=EventKind.CANCELLED,
                at=now.only,
                card_id=facts.card_id,
                details=details(facts),
            ),
        )
    cancelled = replace(facts, status="cancelled", decided_at=now.only)
    return shown(cancelled, token_key=token_key, now=now.only), True
