"""A redemption as its customer sees it."""

from dataclasses import dataclass, replace
from datetime import datetime

from loyalty.base import access, exempt, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import Actor, CustomerActor
from loyalty.cards.view import BonusView
from loyalty.db.roundtrip import clock, send
from loyalty.redeeming.redemption_facts import BY_ID, RedemptionFacts, redemption


@dataclass(frozen=True, slots=True)
class LiveRedemption:
    """At the moment `now`; token and PIN are None once it is over, and for anybody else."""

    id: int
    status: str
    customer_id: int | None
    token: str | None
    pin: str | None
    expires_at: datetime
    seconds_left: int
    product_id: int | None
    bonus: BonusView
    was_previewed: bool
    now: datetime

    def without_secrets(self) -> "LiveRedemption":
        """The same for somebody who is not its customer."""
        return replace(self, token=None, pin=None)


def shown(facts: RedemptionFacts, *, token_key: str, now: datetime) -> LiveRedemption:
    """The redemption of these facts."""
    is_live = facts.is_live(now)
    salt, turn = bytes(facts.token_salt), facts.pin_turn
    has_pin = is_live and turn is not None
    return LiveRedemption(
        id=facts.id,
        status=facts.shown_status(now),
        customer_id=facts.customer_id,
        token=tokens.derive(token_key, salt, purpose="redemption") if is_live else None,
        pin=tokens.derive_pin(token_key, salt, turn=turn or 0) if has_pin else None,
        expires_at=facts.expires_at,
        seconds_left=facts.seconds_left(now),
        product_id=facts.product_id,
        bonus=facts.bonus,
        was_previewed=facts.previewed_at is not None,
        now=now,
    )


@exempt.row_decides("its customer, or who reads anybody's")
def live_redemption(redemption_id: int, *, actor: Actor, token_key: str) -> LiveRedemption:
    """The redemption now, without its secrets for managers; raises NotFound for all others."""
    live = _read(redemption_id, token_key=token_key)
    is_own = _is_own(live, actor)
    access.require_own(actor, Permission.READ_ANY_REDEMPTION, is_own=is_own)
    return live if is_own else live.without_secrets()


@exempt.row_decides("its customer, who reads anybody's, and staff once somebody looked at it")
def followed_redemption(redemption_id: int, *, actor: Actor, token_key: str) -> LiveRedemption:
    """The redemption's state now, without secrets; raises NotFound for all others."""
    live = _read(redemption_id, token_key=token_key)
    is_looked_at = live.was_previewed and access.may(actor, Permission.VALIDATE)
    is_own = _is_own(live, actor) or is_looked_at
    access.require_own(actor, Permission.READ_ANY_REDEMPTION, is_own=is_own)
    return live.without_secrets()


def _is_own(live: LiveRedemption, actor: Actor) -> bool:
    return actor == CustomerActor(live.customer_id or 0)


def _read(redemption_id: int, *, token_key: str) -> LiveRedemption:
    found, now = redemption(BY_ID, redemption_id, lock=False), clock()
    send(found, now)
    if found.first is None:
        raise NotFound
    return shown(found.first, token_key=token_key, now=now.only)
