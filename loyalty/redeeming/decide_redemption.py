"""Staff give the bonus, or do not: one terminal state, once.

Rules: docs/rules.md#redeeming.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NoBonus, NotAtThisLocation, NotFound
from loyalty.base.events import card_topic, redemption_topic
from loyalty.base.states import BonusStatus, RedemptionStatus
from loyalty.base.values import StaffActor
from loyalty.db.announce import announce
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import Query, clock, transaction, update
from loyalty.devices.device_place import check_place
from loyalty.events.redemptions import CancelledDetails, ConfirmedDetails
from loyalty.guards.refuse_unknown_code import refuse_unknown_code
from loyalty.log.lines import log_line
from loyalty.models import Bonus, Redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector, check_live
from loyalty.redeeming.redemption_facts import RedemptionFacts, card_of, redemption
from loyalty.redeeming.validation_facts import RedemptionSight, location, progress, seen


class RedemptionVerdict(StrEnum):
    """What staff decided."""

    CONFIRMED = RedemptionStatus.CONFIRMED.value
    CANCELLED = RedemptionStatus.CANCELLED.value


def decide_redemption(
    which: RedemptionSelector,
    verdict: RedemptionVerdict,
    *,
    location_id: int,
    actor: StaffActor,
    ip: str,
) -> RedemptionSight:
    """The final state; anybody who decides the same again sees the same.

    Raises CodeUnknown, NotFound (an id that nobody previewed), NotAtThisLocation, NoBonus,
    RedemptionExpired, AlreadyRedeemed, RedemptionCancelled or RateLimited.
    """
    access.require(actor, Permission.VALIDATE)
    found = _decide(which, verdict, location_id, actor)
    if found is None:
        refuse_unknown_code(who=f"{actor.key} {ip}")
    result, is_new = found
    if is_new:
        tell(result.id, status=verdict, at=result.at)
    return result


def tell(redemption_id: int, *, status: str, at: datetime) -> None:
    """Let the customer's and the counter's screens know, after the commit."""
    announce(redemption_topic(redemption_id), {"status": status, "at": at.isoformat()})


@retry_once
def _decide(
    which: RedemptionSelector, verdict: RedemptionVerdict, location_id: int, actor: StaffActor
) -> tuple[RedemptionSight, bool] | None:
    where, keys = which.where
    with transaction() as tx:
        # The card's row, then the redemption's: a request, a confirmation, a cancellation and
        # a second staff member meet here one after the other.
        card, here = card_of(where, *keys), location(location_id)
        found, now = redemption(where, *keys), clock()
        tx.send(card, here, found, now)
        facts = found.first
        if facts is None:
            return None
        counters = progress(facts.id)
        if facts.status == verdict:
            tx.send(counters)
            return seen(facts, counters.rows, status=facts.status, now=now.only), False
        if here.first is None:
            raise NotAtThisLocation(details={"what": "program"})
        check_place(actor.device, location_id=location_id)
        if which.redemption_id is not None and facts.previewed_at is None:
            raise NotFound
        check_live(facts, now=now.only)
        if facts.bonus_status != BonusStatus.WAITING:
            raise NoBonus
        tx.finish(*_rows(facts, verdict, location_id, actor, now.only), counters)
    decided = replace(facts, status=verdict, decided_at=now.only)
    announce(card_topic(facts.card_id), {"changed": True})
    return seen(decided, counters.rows, status=verdict, now=now.only), True


def _rows(
    facts: RedemptionFacts,
    verdict: RedemptionVerdict,
    location_id: int,
    actor: StaffActor,
    now: datetime,
) -> list[Query[Any]]:
    decided = update(
        Redemption,
        facts.id,
        status=verdict.value,
        decided_at=now,
        location_id=location_id,
        staff_id=actor.id,
        device_id=actor.device_id,
    )
    is_given = verdict is RedemptionVerdict.CONFIRMED
    details = ConfirmedDetails(**facts.named) if is_given else CancelledDetails(**facts.named)
    event = log_line(
        details,
        at=now,
        location_id=location_id,
        staff_id=actor.id,
        device_id=actor.device_id,
        card_id=facts.card_id,
    )
    if not is_given:
        return [decided, event]
    return [decided, update(Bonus, facts.bonus_id, status=BonusStatus.USED), changed(facts), event]


def changed(facts: RedemptionFacts) -> Query[Any]:
    """The card has a new version."""
    return Query("UPDATE loyalty_card SET version = version + 1 WHERE id = %s", [facts.card_id])
