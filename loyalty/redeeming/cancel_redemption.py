"""The customer takes a redemption back; the bonus waits again."""

from dataclasses import replace

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.states import RedemptionStatus
from loyalty.base.values import CustomerActor
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import clock, transaction, update
from loyalty.events.redemptions import CancelledDetails
from loyalty.log.lines import log_line
from loyalty.models import Redemption
from loyalty.redeeming.decide_redemption import tell
from loyalty.redeeming.live_redemption import LiveRedemption, shown
from loyalty.redeeming.preview_redemption import check_live
from loyalty.redeeming.redemption_facts import BY_ID, RedemptionFacts, card_of, redemption


def cancel_redemption(
    redemption_id: int, *, actor: CustomerActor, token_key: str
) -> LiveRedemption:
    """The cancelled redemption, however often it is asked.

    Raises NotFound (also for somebody else's), RedemptionExpired, AlreadyRedeemed or
    RedemptionCancelled (a manager put back what was given).
    """
    access.require(actor, Permission.REDEEM)
    found, is_new = _cancel(redemption_id, actor, token_key)
    if is_new:
        tell(found.id, status=RedemptionStatus.CANCELLED, at=found.now)
    return found


@retry_once
def _cancel(
    redemption_id: int, actor: CustomerActor, token_key: str
) -> tuple[LiveRedemption, bool]:
    with transaction() as tx:
        card, found, now = card_of(BY_ID, redemption_id), redemption(BY_ID, redemption_id), clock()
        tx.send(card, found, now)
        facts: RedemptionFacts | None = found.first
        if facts is None or facts.customer_id != actor.id:
            raise NotFound
        if facts.status == RedemptionStatus.CANCELLED:
            return shown(facts, token_key=token_key, now=now.only), False
        check_live(facts, now=now.only)
        tx.finish(
            update(Redemption, facts.id, status=RedemptionStatus.CANCELLED, decided_at=now.only),
            log_line(CancelledDetails(**facts.named), at=now.only, card_id=facts.card_id),
        )
    cancelled = replace(facts, status=RedemptionStatus.CANCELLED, decided_at=now.only)
    return shown(cancelled, token_key=token_key, now=now.only), True
