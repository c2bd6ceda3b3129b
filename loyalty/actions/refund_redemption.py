"""A manager takes back a confirmed redemption; the bonus waits again."""

import secrets
from dataclasses import replace

from loyalty import tokens
from loyalty.actions.decide_redemption import changed, details, tell
from loyalty.announce import announce
from loyalty.database_errors import once_more
from loyalty.errors import InvalidInput, NotFound, RedemptionCancelled, RedemptionExpired
from loyalty.events import EventKind, card_topic
from loyalty.models import Bonus, Event, Redemption
from loyalty.queries.live_redemption import LiveRedemption, shown
from loyalty.queries.redemption_facts import BY_ID, RedemptionFacts, card_of, redemption
from loyalty.trip import clock, insert, transaction, update
from loyalty.values import StaffActor


def refund_redemption(
    redemption_id: int, *, reason: str, actor: StaffActor, token_key: str
) -> LiveRedemption:
    """The refunded redemption, however often it is asked.

    Raises InvalidInput (no reason), NotFound, RedemptionCancelled or RedemptionExpired.
    """
    if not reason.strip():
        raise InvalidInput(details={"field": "reason", "reason": "missing"})
    found, is_new = _refund(redemption_id, reason, actor, token_key)
    if is_new:
        tell(found.id, status="refunded", at=found.now)
    return found


@once_more
def _refund(
    redemption_id: int, reason: str, actor: StaffActor, token_key: str
) -> tuple[LiveRedemption, bool]:
    with transaction() as tx:
        card, found, now = card_of(BY_ID, redemption_id), redemption(BY_ID, redemption_id), clock()
        tx.trip(card, found, now)
        facts: RedemptionFacts | None = found.first
        if facts is None:
            raise NotFound
        if facts.status == "refunded":
            return shown(facts, token_key=token_key, now=now.only), False
        if facts.status == "cancelled":
            raise RedemptionCancelled
        if facts.status != "confirmed":
            raise RedemptionExpired
        tx.finish(
            update(Redemption, facts.id, status="refunded"),
            update(Bonus, facts.bonus_id, status="waiting"),
            changed(facts),
            insert(
                Event,
                id=tokens.ordered_id(now.only, random=secrets.randbits(21)),
                kind=EventKind.REFUNDED,
                at=now.only,
                staff_id=actor.id,
                device_id=actor.device_id,
                card_id=facts.card_id,
                details={**details(facts), "reason": reason[:200]},
            ),
        )
    announce(card_topic(facts.card_id), {"changed": True})
    return shown(replace(facts, status="refunded"), token_key=token_key, now=now.only), True
