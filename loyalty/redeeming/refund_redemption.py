"""A manager takes back a confirmed redemption; the bonus waits again, if it still has a sale."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput, NotFound, RedemptionCancelled, RedemptionExpired
from loyalty.base.events import card_topic
from loyalty.base.states import EntryKind, RedemptionStatus
from loyalty.base.values import StaffActor
from loyalty.correcting.apply_difference import PointsDifference, tell_others, write_entries
from loyalty.correcting.pass_on import others_of, pass_on
from loyalty.db.announce import announce
from loyalty.db.database_errors import patient, retry_once
from loyalty.db.roundtrip import clock, send
from loyalty.log.lines import write_line
from loyalty.models import Bonus, Card, Redemption
from loyalty.people.lock_person import lock_person, wait_for_undos
from loyalty.redeeming.decide_redemption import tell
from loyalty.redeeming.live_redemption import LiveRedemption, shown
from loyalty.redeeming.put_back import put_back
from loyalty.redeeming.redemption_facts import BY_ID, RedemptionFacts, card_of, redemption


def refund_redemption(
    redemption_id: int, *, reason: str, actor: StaffActor, token_key: str
) -> LiveRedemption:
    """The refunded redemption, however often it is asked.

    The bonus waits again. Where its sale was taken back meanwhile it is void instead, and what the
    undo left owed for it is lifted. Raises InvalidInput (no reason), NotFound, RedemptionCancelled
    or RedemptionExpired.
    """
    access.require(actor, Permission.REFUND)
    if not reason.strip():
        raise InvalidInput(details={"field": "reason", "reason": "missing"})
    found, is_new = _refund(redemption_id, reason, actor, token_key)
    if is_new:
        tell(found.id, status=RedemptionStatus.REFUNDED, at=found.now)
    return found


@patient
@retry_once
def _refund(
    redemption_id: int, reason: str, actor: StaffActor, token_key: str
) -> tuple[LiveRedemption, bool]:
    with transaction.atomic():
        # Person, card, redemption: an undo, and a collect, of the same person end first, so that
        # the sales that are left say whether the bonus is still earned, and at which address.
        owners = Card.objects.filter(redemption=redemption_id)
        owner = owners.values_list("customer_id", flat=True).first()
        wait_for_undos(owner or 0)
        lock_person(owner)
        card, found, now = card_of(BY_ID, redemption_id), redemption(BY_ID, redemption_id), clock()
        send(card, found, now)
        facts: RedemptionFacts | None = found.first
        if facts is None:
            raise NotFound
        if facts.status == RedemptionStatus.REFUNDED:
            return shown(facts, token_key=token_key, now=now.only), False
        if facts.status == RedemptionStatus.CANCELLED:
            raise RedemptionCancelled
        if facts.status != RedemptionStatus.CONFIRMED:
            raise RedemptionExpired
        Redemption.objects.filter(pk=facts.id).update(status=RedemptionStatus.REFUNDED)
        _give_back(facts, reason, actor, now=now.only)
    announce(card_topic(facts.card_id), {"changed": True})
    return shown(
        replace(facts, status=RedemptionStatus.REFUNDED), token_key=token_key, now=now.only
    ), True


def _give_back(facts: RedemptionFacts, reason: str, actor: StaffActor, *, now: datetime) -> None:
    card, bonus = Card.objects.get(pk=facts.card_id), Bonus.objects.get(pk=facts.bonus_id)
    others = others_of(card.customer_id)
    done = put_back(bonus, card, now=now)
    # What the log says of it; `gone` is the bonus that no sale raises any more.
    details = replace(done.details, **facts.named, reason=reason[:200])
    event = write_line(
        details,
        at=now,
        staff_id=actor.id,
        device_id=actor.device_id,
        card_id=card.pk,
        card_version=card.version + 1,
    )
    write_entries(card, done.lines, kind=EntryKind.REFUND, version_id=card.promise_id, event=event)
    changed = {number: PointsDifference() for number in done.settled.cards - {card.pk}}
    tell_others(changed, done.settled, cause=event)
    pass_on(others, cause=event)
