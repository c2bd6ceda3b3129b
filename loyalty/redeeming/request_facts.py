"""What a customer's request for a redemption rests on, behind the locks of person and card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from loyalty.base.states import RedemptionStatus
from loyalty.base.tokens import id_distance
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, Transaction, clock
from loyalty.people.lock_person import person_lock
from loyalty.redeeming.choice import BonusOffer, ProductWish
from loyalty.redeeming.pins import MOST_ALIVE
from loyalty.redeeming.redemption_facts import (
    LIVES,
    ON_CARD,
    RESUMES,
    STILL_TOLD,
    RedemptionFacts,
    redemption,
)

_RECENT: LiteralString = """
SELECT r.created_at FROM loyalty_redemption r JOIN loyalty_card c ON c.id = r.card_id
 WHERE c.customer_id = ANY(ARRAY(
         SELECT %s::bigint UNION ALL SELECT o.id FROM loyalty_customer k
           JOIN loyalty_customer o ON o.person = k.person WHERE k.id = %s))
 ORDER BY r.created_at DESC LIMIT 10
"""
_BOOKS: LiteralString = """
SELECT coalesce((SELECT sum(units) FROM loyalty_ledgerentry WHERE card_id = %s), 0)
     = coalesce((SELECT sum(open - debt) FROM loyalty_counter WHERE card_id = %s), 0)
"""


@dataclass(frozen=True, slots=True)
class WaitingOffer:
    """A waiting bonus of the card."""

    bonus_id: int
    offer: BonusOffer
    expires_at: datetime | None


class CardOwner(NamedTuple):
    """The card that a redemption is asked for."""

    id: int
    customer_id: int | None
    program_id: int


class PinRow(NamedTuple):
    """A PIN of the program, and until when it is or was alive."""

    pin_digest: bytes
    status: str
    expires_at: datetime


_OWNER = columns(CardOwner, "c")
_CARD: LiteralString = f"SELECT {_OWNER.sql} FROM loyalty_card c WHERE c.id = %s FOR UPDATE"  # noqa: S608  our own columns
_OFFER = columns(
    WaitingOffer,
    "b",
    bonus_id="b.id",
    offer=columns(
        BonusOffer,
        "b",
        program_id="v.program_id",
        is_menu="v.mode = 'TIERED' AND b.product_id IS NULL AND NOT b.is_voucher",
        rank="t.rank",
    ),
)
_BONUSES: LiteralString = f"""
SELECT {_OFFER.sql}
  FROM loyalty_bonus b JOIN loyalty_programversion v ON v.id = b.version_id
  LEFT JOIN loyalty_tier t ON t.id = b.tier_id
 WHERE b.card_id = %s AND b.status = 'waiting' ORDER BY b.id LIMIT 100
"""  # noqa: S608  our own columns
_WISH = columns(ProductWish, "p", product_id="p.id", rank="coalesce(t.rank, 0)")
_PRODUCT: LiteralString = f"""
SELECT {_WISH.sql}
  FROM loyalty_product p LEFT JOIN loyalty_tier t ON t.id = p.tier_id WHERE p.id = %s
"""  # noqa: S608  our own columns
_PIN = columns(PinRow, "r")
_TOLD_AFTER = LIVES + RESUMES + STILL_TOLD
# PINs that are alive, or died so lately that they are still answered "expired". How long ago is
# reckoned from the newest id and end, which no clock is asked for: a little too much is read, and
# of a long past nothing.
_PINS: LiteralString = f"""
WITH lately AS (
    SELECT {_PIN.sql} FROM loyalty_redemption r
     WHERE r.id > (SELECT max(id) FROM loyalty_redemption) - %s::bigint AND r.pin_digest IS NOT NULL
       AND r.program_id = (SELECT program_id FROM loyalty_card WHERE id = %s))
SELECT {_PIN.sql} FROM loyalty_redemption r
 WHERE r.status = 'open' AND r.pin_digest IS NOT NULL
   AND r.program_id = (SELECT program_id FROM loyalty_card WHERE id = %s)
 UNION ALL
SELECT * FROM lately
 WHERE status <> 'open' AND expires_at > (SELECT max(expires_at) FROM lately) - %s::interval
 LIMIT %s
"""  # noqa: S608  our own columns


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """`is_own` False: no such card for this customer.

    `recent` are the last ten requests of the person, from whichever address.
    """

    is_own: bool
    program_id: int
    live: RedemptionFacts | None
    offers: list[WaitingOffer]
    wish: ProductWish | None
    recent: list[datetime]
    pins: frozenset[bytes]
    books_agree: bool
    now: datetime


def request_facts(
    tx: Transaction,
    *,
    card_id: int,
    customer_id: int,
    product_id: int | None,
    besides: Sequence[Query[Any]],
) -> RequestFacts:
    """The facts in one round trip, behind two locks.

    The person's rows serialise what is limited for a person: two of their cards could ask at once.
    The card's serialises its redemptions with whoever confirms one, who holds the card alone.
    """
    person = person_lock(customer_id)
    card = Query(_CARD, [card_id], row=_OWNER.row)
    now, live = clock(), redemption(ON_CARD, card_id)
    bonuses = Query(_BONUSES, [card_id], row=_OFFER.row)
    product = Query(_PRODUCT, [product_id], row=_WISH.row)
    recent = Query(_RECENT, [customer_id, customer_id], row=lambda row: row[0])
    since = [id_distance(_TOLD_AFTER), card_id, card_id, _TOLD_AFTER, MOST_ALIVE]
    pins = Query(_PINS, since, row=_PIN.row)
    books = Query(_BOOKS, [card_id, card_id], row=lambda row: bool(row[0]))
    tx.send(person, card, now, live, bonuses, product, recent, pins, books, *besides)
    found = card.first
    return RequestFacts(
        is_own=found is not None and found.customer_id == customer_id,
        program_id=found.program_id if found else 0,
        live=live.first,
        offers=bonuses.rows,
        wish=product.first,
        recent=recent.rows,
        pins=frozenset(
            bytes(each.pin_digest)
            for each in pins.rows
            if each.status == RedemptionStatus.OPEN or each.expires_at > now.only - STILL_TOLD
        ),
        books_agree=books.only,
        now=now.only,
    )
