"""Staff look at a redemption, by its code or by its PIN (docs/rules.md#redeeming)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from loyalty.base import access, states, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import (
    AlreadyRedeemed,
    CodeUnknown,
    NotAtThisLocation,
    RedemptionCancelled,
    RedemptionExpired,
)
from loyalty.base.states import RedemptionStatus
from loyalty.base.values import StaffActor
from loyalty.db.roundtrip import clock, transaction, update
from loyalty.devices.device_place import check_place
from loyalty.guards.refuse_unknown_code import refuse_unknown_code
from loyalty.models import Redemption
from loyalty.redeeming.pin_guards import PinGuards
from loyalty.redeeming.redemption_facts import BY_DIGEST, BY_ID, BY_PIN, RedemptionFacts, redemption
from loyalty.redeeming.validation_facts import RedemptionSight, location, progress, seen


@dataclass(frozen=True, slots=True)
class RedemptionSelector:
    """Which redemption: exactly one of token, PIN with program, or the id of a preview."""

    token: str | None = None
    pin: str | None = None
    program_id: int | None = None
    redemption_id: int | None = None

    @property
    def where(self) -> tuple[LiteralString, tuple[Any, ...]]:
        """The condition and its keys; of a PIN `by_pin` is."""
        if self.token is not None:
            return BY_DIGEST, (tokens.digest(self.token),)
        return BY_ID, (self.redemption_id,)

    def by_pin(self, token_key: str) -> tuple[LiteralString, tuple[Any, ...]]:
        """The same for a PIN with its program."""
        pin, program_id = (self.pin or "").strip(), self.program_id or 0
        return BY_PIN, (program_id, tokens.pin_digest(token_key, pin, program_id=program_id))


def preview_redemption(
    which: RedemptionSelector, *, location_id: int, actor: StaffActor, ip: str, token_key: str
) -> RedemptionSight:
    """What staff may see of a live redemption; a wrong PIN is counted even though it is refused.

    Raises CodeUnknown, PinLocked, NotAtThisLocation, RedemptionExpired, AlreadyRedeemed,
    RedemptionCancelled or RateLimited.
    """
    access.require(actor, Permission.VALIDATE)
    if which.pin:
        found = _by_pin(which, location_id, actor, token_key)
    else:
        found = _look(which, location_id, actor)
    if found is None and which.pin:
        # One answer for a PIN of another program, an old one, and one that never was.
        raise CodeUnknown
    if found is None:
        refuse_unknown_code(who=f"{actor.key} {ip}")
    return found


def _by_pin(
    which: RedemptionSelector, location_id: int, actor: StaffActor, token_key: str
) -> RedemptionSight | None:
    guards = PinGuards(actor, program_id=which.program_id or 0, location_id=location_id)
    where, keys = which.by_pin(token_key)
    with transaction() as tx:
        # The guards' rows serialise all tries of this person, on this device, and of
        # this program.
        here, facts, now = location(location_id), redemption(where, *keys), clock()
        tx.send(here, *guards.queries, facts, now)
        guards.check(now.only)
        if here.first is None:
            raise NotAtThisLocation(details={"what": "program"})
        check_place(actor.device, location_id=location_id)
        if facts.first is None or not facts.first.is_told(now.only):
            tx.finish(*guards.count(now.only))
            return None
        check_live(facts.first, now=now.only)
        counters = progress(facts.first.id)
        tx.finish(update(Redemption, facts.first.id, previewed_at=now.only), counters)
    return seen(facts.first, counters.rows, status=RedemptionStatus.OPEN, now=now.only)


def _look(which: RedemptionSelector, location_id: int, actor: StaffActor) -> RedemptionSight | None:
    where, keys = which.where
    with transaction() as tx:
        here, facts, now = location(location_id), redemption(where, *keys), clock()
        tx.send(here, facts, now)
        if here.first is None:
            raise NotAtThisLocation(details={"what": "program"})
        check_place(actor.device, location_id=location_id)
        if facts.first is None:
            return None
        check_live(facts.first, now=now.only)
        counters = progress(facts.first.id)
        tx.finish(update(Redemption, facts.first.id, previewed_at=now.only), counters)
    return seen(facts.first, counters.rows, status=RedemptionStatus.OPEN, now=now.only)


def check_live(facts: RedemptionFacts, *, now: datetime) -> None:
    """Raise what became of a redemption that is not live any more."""
    match facts.shown_status(now):
        case RedemptionStatus.CONFIRMED:
            raise AlreadyRedeemed
        case RedemptionStatus.CANCELLED | RedemptionStatus.REFUNDED:
            raise RedemptionCancelled
        case states.EXPIRED:
            raise RedemptionExpired
