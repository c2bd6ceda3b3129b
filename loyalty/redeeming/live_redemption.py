"""A redemption as its customer sees it."""

from dataclasses import dataclass, replace
from datetime import datetime

from loyalty.base import tokens
from loyalty.base.errors import NotFound
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


def live_redemption(redemption_id: int, *, token_key: str) -> LiveRedemption:
    """The redemption now; raises NotFound."""
    found, now = redemption(BY_ID, redemption_id, lock=False), clock()
    send(found, now)
    if found.first is None:
        raise NotFound
    return shown(found.first, token_key=token_key, now=now.only)
