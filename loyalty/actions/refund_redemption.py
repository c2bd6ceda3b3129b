"""A manager takes back a confirmed redemption; the bonus waits again, if it still has a sale."""

import secrets
from dataclasses import replace

from django.db import transaction

from loyalty import tokens
from loyalty.actions.decide_redemption import changed, details, tell
from loyalty.actions.settle_bonuses import take_bonus
from loyalty.announce import announce
from loyalty.database_errors import once_more
from loyalty.errors import InvalidInput, NotFound, RedemptionCancelled, RedemptionExpired
from loyalty.events import EventKind, card_topic
from loyalty.models import Bonus, Customer, Event, Redemption
from loyalty.queries.live_redemption import LiveRedemption, shown
from loyalty.queries.lost_occasion import has_lost_its_sale
from loyalty.queries.redemption_facts import BY_ID, RedemptionFacts, card_of, redemption
from loyalty.trip import clock, insert, trip, update
from loyalty.values import StaffActor


def refund_redemption(
    redemption_id: int, *, reason: str, actor: StaffActor, token_key: str
) -> LiveRedemption:
    """The refunded redemption, however often it is asked.

    The bonus waits again; a welcome, birthday or level bonus of which the sale was taken back
    meanwhile is void instead. Raises InvalidInput (no reason), NotFound, RedemptionCancelled or
    RedemptionExpired.
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
    with transaction.atomic():
        # Customer, card, redemption: an undo, and a collect, of the same customer end first, so
        # that the sales that are left say whether the bonus is still earned.
        owner = Customer.objects.filter(card__redemption=redemption_id)
        list(owner.select_for_update(of=("self",)))
        card, found, now = card_of(BY_ID, redemption_id), redemption(BY_ID, redemption_id), clock()
        trip(card, found, now)
        facts: RedemptionFacts | None = found.first
        if facts is None:
            raise NotFound
        if facts.status == "refunded":
            return shown(facts, token_key=token_key, now=now.only), False
        if facts.status == "cancelled":
            raise RedemptionCancelled
        if facts.status != "confirmed":
            raise RedemptionExpired
        said = _give_back(facts, reason)
        trip(
            update(Redemption, facts.id, status="refunded"),
            changed(facts),
            insert(
                Event,
                id=tokens.ordered_id(now.only, random=secrets.randbits(21)),
                kind=EventKind.REFUNDED,
                at=now.only,
                staff_id=actor.id,
                device_id=actor.device_id,
                card_id=facts.card_id,
                details=said,
            ),
        )
    announce(card_topic(facts.card_id), {"changed": True})
    return shown(replace(facts, status="refunded"), token_key=token_key, now=now.only), True


def _give_back(facts: RedemptionFacts, reason: str) -> dict[str, object]:
    # What the log says of it; `gone` is the bonus that no sale raises any more.
    said = {**details(facts), "reason": reason[:200]}
    bonus = Bonus.objects.get(pk=facts.bonus_id)
    if has_lost_its_sale(bonus):
        take_bonus(bonus)
        return {**said, "gone": bonus.pk}
    Bonus.objects.filter(pk=bonus.pk).update(status="waiting")
    return said
