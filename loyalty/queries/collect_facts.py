"""What collecting needs to know: one round trip that locks, reads, and looks at the clock last."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from loyalty.queries.mechanics import COLUMNS, WIDTH, mechanic
from loyalty.trip import Ask, Transaction, clock
from loyalty.values import Mechanic

_SESSION: LiteralString = """
SELECT s.id, s.status, s.units, s.points, s.program_id, s.version_id, s.location_id, s.staff_id,
       s.preset_id, s.amount, s.policy, s.expires_at, s.customer_id, s.outcome, s.tier_units,
       s.quantity
  FROM loyalty_earnsession s WHERE {where} FOR UPDATE
"""
_BY_DIGEST: LiteralString = "s.token_digest = %s"
_BY_ID: LiteralString = "s.id = %s"
_CUSTOMER: LiteralString = "SELECT email FROM loyalty_customer WHERE id = %s FOR NO KEY UPDATE"
_QUEUED: LiteralString = (
    "SELECT q.email, q.scanned_at, q.expires_at FROM loyalty_queuedsession q"
    " JOIN loyalty_earnsession s ON s.id = q.session_id WHERE "
)
_RULES: LiteralString = (
    "SELECT "  # noqa: S608  our own columns
    + COLUMNS
    + """, v.id, p.current_id, v.product_id, coalesce(t.name, p.name), p.name,
       c.id, c.version, c.visits, c.points
  FROM loyalty_earnsession s
  JOIN loyalty_program p ON p.id = s.program_id
  LEFT JOIN loyalty_card c ON c.program_id = s.program_id AND c.customer_id = %s
  JOIN loyalty_programversion v ON v.id = coalesce(c.promise_id, s.version_id)
  LEFT JOIN loyalty_product t ON t.id = v.product_id
 WHERE """
)
# Every tier of the program, lowest first, and the one counter without a tier; `n` is what the card
# has counted there so far.
_COUNTERS: LiteralString = """
SELECT t.id, t.name, t.rank, n.id, coalesce(n.open, 0), coalesce(n.debt, 0)
  FROM loyalty_earnsession s
  JOIN (SELECT id, name, rank, program_id FROM loyalty_tier
        UNION ALL SELECT NULL, NULL, NULL, id FROM loyalty_program) t ON t.program_id = s.program_id
  LEFT JOIN loyalty_card c ON c.program_id = s.program_id AND c.customer_id = %s
  LEFT JOIN loyalty_counter n ON n.card_id = c.id AND n.tier_id IS NOT DISTINCT FROM t.id
 WHERE """
_WAITING: LiteralString = """
SELECT b.id, b.title, b.source, b.product_id, b.tier_id, b.expires_at
  FROM loyalty_bonus b JOIN loyalty_card c ON c.id = b.card_id
  JOIN loyalty_earnsession s ON s.program_id = c.program_id
 WHERE b.status = 'waiting' AND c.customer_id = %s AND """


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The locked session; `outcome` is the answer of the collect that used it."""

    id: int
    status: str
    units: int
    points: int
    program_id: int
    version_id: int
    location_id: int
    staff_id: int
    preset_id: int | None
    amount: int | None
    policy: str
    expires_at: datetime
    customer_id: int | None
    outcome: str | None
    tier_units: str | None
    quantity: int | None

    @property
    def per_counter(self) -> dict[int | None, int]:
        """The units for each tier's counter, or for the only one (None)."""
        if self.tier_units is None:
            return {None: self.units}
        return {int(tier): count for tier, count in json.loads(self.tier_units).items()}


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """One counter before the units; `id` None: it does not exist yet."""

    tier_id: int | None
    tier_name: str | None
    tier_rank: int | None
    id: int | None
    open: int
    debt: int


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The customer's card before the units (`card_id` None: there is none yet), and its rules."""

    mechanic: Mechanic
    promise_id: int
    current_id: int
    product_id: int | None
    bonus_title: str
    program_name: str
    card_id: int | None
    card_version: int | None
    visits: int | None
    points: int | None


@dataclass(frozen=True, slots=True)
class Queued:
    """The address that a session was taken for."""

    email: str
    scanned_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CollectFacts:
    """Everything a decision about one collect rests on."""

    session: SessionFacts | None
    email: str | None
    queued: Queued | None
    card: CardFacts | None
    now: datetime
    counters: list[CounterFacts]
    waiting: list[dict[str, Any]] = field(default_factory=list)


def facts_by_token(
    tx: Transaction, *, digest: bytes, customer_id: int, besides: Sequence[Ask[Any]] = ()
) -> CollectFacts:
    """The facts for whoever shows a token with this digest; `besides` travels along."""
    return _facts(tx, _BY_DIGEST, digest, customer_id, besides)


def facts_by_id(tx: Transaction, *, session_id: int, customer_id: int) -> CollectFacts:
    """The facts for a session that was taken earlier."""
    return _facts(tx, _BY_ID, session_id, customer_id, ())


def _facts(
    tx: Transaction,
    where: LiteralString,
    key: bytes | int,
    customer_id: int,
    besides: Sequence[Ask[Any]],
) -> CollectFacts:
    # The session's row serialises everybody who shows the same token; the customer's row
    # serialises all that one person collects at once (two sessions, one card).
    session = Ask(_SESSION.replace("{where}", where), [key], row=lambda row: SessionFacts(*row))
    customer: Ask[tuple[str]] = Ask(_CUSTOMER, [customer_id])
    # Behind both locks: a request that waited past the lifetime must see that it did.
    now = clock()
    queued = Ask(_QUEUED + where, [key], row=lambda row: Queued(*row))
    card = Ask(_RULES + where, [customer_id, key], row=_card)
    counters = Ask(
        _COUNTERS + where + " ORDER BY t.rank NULLS FIRST",
        [customer_id, key],
        row=lambda row: CounterFacts(*row),
    )
    waiting = Ask(_WAITING + where + " ORDER BY b.id LIMIT 100", [customer_id, key], row=_bonus)
    tx.trip(session, customer, now, queued, card, counters, waiting, *besides)
    email = customer.first[0] if customer.first else None
    return CollectFacts(
        session.first,
        email,
        queued.first,
        card.first,
        now.only,
        counters.rows,
        waiting.rows,
    )


def _card(found: tuple[Any, ...]) -> CardFacts:
    return CardFacts(mechanic(found), *found[WIDTH:])


def _bonus(found: tuple[Any, ...]) -> dict[str, Any]:
    identity, title, source, product_id, tier_id, expires_at = found
    expires = expires_at.isoformat() if expires_at else None
    return {
        "id": identity,
        "title": title,
        "source": source,
        "product": product_id,
        "tier": tier_id,
        "expires_at": expires,
    }


def decided(facts: CollectFacts) -> tuple[SessionFacts, CardFacts]:
    """The session and the rules, for whoever made sure that there is a session."""
    if facts.session is None or facts.card is None:
        raise ValueError("There is no session to decide about.")
    return facts.session, facts.card


def policy_of(session: SessionFacts) -> dict[str, Any]:
    """The policy snapshot that the session was made under."""
    policy: dict[str, Any] = json.loads(session.policy)
    return policy
