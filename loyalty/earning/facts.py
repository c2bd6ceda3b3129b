"""What collecting needs to know: one round trip that locks, reads, and looks at the clock last."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from loyalty.cards.facts import CardFacts, card_queries
from loyalty.db.roundtrip import Query, Transaction, clock
from loyalty.earning.near_visits import NearVisit, WaitingAddress, near_of, near_query, queued_of
from loyalty.earning.person_facts import CollectingCustomer, PersonFacts, person_queries
from loyalty.levels.points import session_end

_SESSION: LiteralString = """
SELECT s.id, s.status, s.units, s.points, s.program_id, s.version_id, s.location_id, s.staff_id,
       s.preset_id, s.amount, s.policy, s.expires_at, s.customer_id, s.outcome, s.tier_units,
       s.quantity, s.created_at, s.device_id
  FROM loyalty_earnsession s WHERE {where} FOR UPDATE
"""
_BY_DIGEST: LiteralString = "s.token_digest = %s"
_BY_ID: LiteralString = "s.id = %s"
_CARD: LiteralString = (
    "SELECT c.id FROM loyalty_card c WHERE c.customer_id = %s AND c.program_id ="
    " (SELECT s.program_id FROM loyalty_earnsession s WHERE {where}) FOR NO KEY UPDATE"
)


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
    staff_id: int | None
    preset_id: int | None
    amount: int | None
    policy: str
    expires_at: datetime
    customer_id: int | None
    outcome: str | None
    tier_units: str | None
    quantity: int | None
    created_at: datetime
    device_id: int | None = None

    @property
    def per_counter(self) -> dict[int | None, int]:
        """The units for each tier's counter, or for the only one (None)."""
        if self.tier_units is None:
            return {None: self.units}
        return {int(tier): count for tier, count in json.loads(self.tier_units).items()}


@dataclass(frozen=True, slots=True)
class CollectFacts:
    """Everything a decision about one collect rests on.

    `browser_id` is the paired device that the request came from, None for all others.
    """

    session: SessionFacts | None
    queued: WaitingAddress | None
    card: CardFacts | None
    person: PersonFacts
    now: datetime
    near: Sequence[NearVisit] = ()
    browser_id: int | None = None

    @property
    def customer(self) -> CollectingCustomer | None:
        """Anybody who collects."""
        return self.person.customer

    @property
    def at(self) -> datetime:
        """The moment of the scan, as which a queued session is decided too."""
        return self.queued.scanned_at if self.queued else self.now

    @property
    def is_late(self) -> bool:
        """True when the card has a streak and was visited after this scan already."""
        card = decided(self)[1]
        last_at = card.state.last_at
        return card.rules.switches.streak is not None and last_at is not None and self.at < last_at


def facts_by_token(
    tx: Transaction, *, digest: bytes, customer_id: int, besides: Sequence[Query[Any]] = ()
) -> CollectFacts:
    """The facts for anybody who shows a token with this digest; `besides` travels along."""
    return _facts(tx, _BY_DIGEST, digest, customer_id, besides)


def facts_by_id(tx: Transaction, *, session_id: int, customer_id: int) -> CollectFacts:
    """The facts for a session that was taken earlier."""
    return _facts(tx, _BY_ID, session_id, customer_id, ())


def _facts(
    tx: Transaction,
    where: LiteralString,
    key: bytes | int,
    customer_id: int,
    besides: Sequence[Query[Any]],
) -> CollectFacts:
    # The session's row serialises everybody who shows the same token; the customers' rows
    # serialise all that one person collects at once (two sessions, one card; a cooldown).
    session = Query(_SESSION.replace("{where}", where), [key], row=lambda row: SessionFacts(*row))
    person = person_queries(customer_id, until=session_end(where, key))
    # A confirmation holds the card alone: without its lock two states could share a version.
    locked: Query[Any] = Query(_CARD.replace("{where}", where), [customer_id, key])
    # Behind the locks: a request that waited past the lifetime must see that it did.
    now = clock()
    about = near_query(customer_id, where=where, key=key)
    card = card_queries(where, key, customer_id)
    known = (person.levels, person.points, person.occasions)
    cards = (card.card, card.counters, card.waiting)
    tx.send(session, person.customers, locked, now, about, *cards, *known, *besides)
    queued = queued_of(about.rows)
    found = person.found(at=queued.scanned_at if queued else now.only, send=tx.send)
    near = near_of(about.rows)
    return CollectFacts(session.first, queued, card.found(now=now.only), found, now.only, near)


def decided(facts: CollectFacts) -> tuple[SessionFacts, CardFacts]:
    """The session and the rules, for anybody who made sure that there is a session."""
    if facts.session is None or facts.card is None:
        raise ValueError("There is no session to decide about.")
    return facts.session, facts.card


def snapshot_of(session: SessionFacts) -> dict[str, Any]:
    """The policy snapshot that the session was made under."""
    policy: dict[str, Any] = json.loads(session.policy)
    return policy
