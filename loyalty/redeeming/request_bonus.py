"""The customer opens a redemption for a waiting bonus (docs/rules.md#redeeming)."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from loyalty.base import access, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import NoBonus, NotFound, RateLimited
from loyalty.base.events import redemption_topic
from loyalty.base.states import RedemptionStatus
from loyalty.base.values import CustomerActor
from loyalty.db.announce import announce
from loyalty.db.database_errors import retry_once
from loyalty.db.ids import new_id
from loyalty.db.roundtrip import Query, insert, transaction, update
from loyalty.events.redemptions import RequestedDetails
from loyalty.guards.idempotency import RepeatableRequest
from loyalty.log.lines import log_line
from loyalty.models import Redemption
from loyalty.redeeming import pins
from loyalty.redeeming.choice import chosen
from loyalty.redeeming.live_redemption import LiveRedemption, live_redemption, shown
from loyalty.redeeming.redemption_facts import BY_ID, LIVES, RESUMES, RedemptionFacts, redemption
from loyalty.redeeming.request_facts import RequestFacts, WaitingOffer, request_facts

log = logging.getLogger(__name__)
MINUTE = timedelta(minutes=1)
NEW_A_MINUTE = 10


class BooksDisagreeError(RuntimeError):
    """The counters are not what the ledger says: nothing may be given until that is known."""


@dataclass(frozen=True, slots=True)
class BonusRequest:
    """The card, and the bonus and product if the customer chose them."""

    card_id: int
    bonus_id: int | None = None
    product_id: int | None = None


@retry_once
def request_bonus(
    wanted: BonusRequest,
    *,
    actor: CustomerActor,
    token_key: str,
    idempotency_key: str | None = None,
) -> LiveRedemption:
    """A redemption, live for 90 s; asked again within 3 minutes it is the same one, renewed.

    Nothing is debited, the bonus is only held. Raises NotFound, NoBonus, ProductRequired,
    ProductUnavailable, TierNotAllowed, RateLimited or KeyReused.
    """
    access.require(actor, Permission.REDEEM)
    repeatable = RepeatableRequest(idempotency_key, actor=actor.key, wanted=lambda: asdict(wanted))
    with transaction() as tx:
        facts = request_facts(
            tx,
            card_id=wanted.card_id,
            customer_id=actor.id,
            product_id=wanted.product_id,
            besides=repeatable.queries(),
        )
        earlier = repeatable.earlier_answer(now=facts.now)
        if not facts.is_own:
            raise NotFound
        if earlier is None:
            number, writes = _answer(facts, wanted, token_key=token_key)
            kept = repeatable.keep({"redemption": number}, now=facts.now)
            made = redemption(BY_ID, number, lock=False)
            tx.finish(*writes, *kept, made)
            live = shown(made.only, token_key=token_key, now=facts.now)
        else:
            live = live_redemption(int(earlier["redemption"]), actor=actor, token_key=token_key)
    announce(redemption_topic(live.id), {"changed": True})
    return live


def _answer(
    facts: RequestFacts, wanted: BonusRequest, *, token_key: str
) -> tuple[int, list[Query[Any]]]:
    live = facts.live
    if live and facts.now < live.resume_until and wanted.bonus_id in {None, live.bonus_id}:
        return live.id, [_renewed(facts, live, wanted)]
    _check_may_begin(facts)
    offer = _offer(facts, wanted)
    product_id = chosen(offer.offer, facts.wish, was_asked=wanted.product_id is not None)
    made = _new(facts, wanted.card_id, offer, product_id, token_key=token_key)
    # An older one of this card is dead from now on, and overdue ones give their PINs back.
    closed = Query[Any](
        "UPDATE loyalty_redemption SET status = 'closed' WHERE status = 'open' AND (card_id = %s"
        " OR (program_id = %s AND expires_at <= %s AND resume_until <= %s))",
        [wanted.card_id, facts.program_id, facts.now, facts.now],
    )
    return made.id, [closed, *_rows(made, facts)]


def _renewed(facts: RequestFacts, live: RedemptionFacts, wanted: BonusRequest) -> Query[Any]:
    product_id = live.product_id
    if wanted.product_id is not None:
        offers = [each for each in facts.offers if each.bonus_id == live.bonus_id]
        if not offers:
            raise NoBonus
        product_id = chosen(offers[0].offer, facts.wish, was_asked=True)
    return update(Redemption, live.id, expires_at=facts.now + LIVES, product_id=product_id)


def _check_may_begin(facts: RequestFacts) -> None:
    lately = [at for at in facts.recent if at > facts.now - MINUTE]
    if len(lately) >= NEW_A_MINUTE:
        raise RateLimited(retry_at=min(lately) + MINUTE, details={"limit": NEW_A_MINUTE})
    if not facts.books_agree:
        log.error("A card's counters and its ledger disagree")
        raise BooksDisagreeError


def _offer(facts: RequestFacts, wanted: BonusRequest) -> WaitingOffer:
    for offer in facts.offers:
        is_over = offer.expires_at is not None and offer.expires_at <= facts.now
        if not is_over and wanted.bonus_id in {None, offer.bonus_id}:
            return offer
    raise NoBonus


@dataclass(frozen=True, slots=True)
class _NewRedemption:
    id: int
    card_id: int
    bonus_id: int
    product_id: int | None
    salt: bytes
    digest: bytes
    pin_turn: int | None
    pin_digest: bytes | None


def _new(
    facts: RequestFacts,
    card_id: int,
    offer: WaitingOffer,
    product_id: int | None,
    *,
    token_key: str,
) -> _NewRedemption:
    salt = secrets.token_bytes(tokens.SALT_BYTES)
    token = tokens.derive(token_key, salt, purpose="redemption")
    turn, pin = pins.first_free(facts.pins, nth=_pin_digests(facts, salt, token_key=token_key))
    return _NewRedemption(
        id=new_id(facts.now),
        card_id=card_id,
        bonus_id=offer.bonus_id,
        product_id=product_id,
        salt=salt,
        digest=tokens.digest(token),
        pin_turn=turn,
        pin_digest=pin,
    )


def _pin_digests(facts: RequestFacts, salt: bytes, *, token_key: str) -> Callable[[int], bytes]:
    def nth(turn: int) -> bytes:
        pin = tokens.derive_pin(token_key, salt, turn=turn)
        return tokens.pin_digest(token_key, pin, program_id=facts.program_id)

    return nth


def _rows(made: _NewRedemption, facts: RequestFacts) -> list[Query[Any]]:
    now: datetime = facts.now
    return [
        insert(
            Redemption,
            id=made.id,
            bonus_id=made.bonus_id,
            card_id=made.card_id,
            program_id=facts.program_id,
            product_id=made.product_id,
            token_salt=made.salt,
            token_digest=made.digest,
            pin_turn=made.pin_turn,
            pin_digest=made.pin_digest,
            status=RedemptionStatus.OPEN.value,
            created_at=now,
            expires_at=now + LIVES,
            resume_until=now + RESUMES,
        ),
        log_line(
            RequestedDetails(made.id, made.bonus_id, made.product_id),
            at=now,
            card_id=made.card_id,
        ),
    ]
