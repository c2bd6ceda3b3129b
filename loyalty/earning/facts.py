"""What collecting needs to know: one round trip that locks, reads, and looks at the clock last."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from loyalty.cards.facts import CardFacts, card_queries
from loyalty.counting.activity import PastVisits
from loyalty.counting.birthday import Birthday
from loyalty.counting.levels import LevelStatus
from loyalty.db.columns import column, columns
from loyalty.db.roundtrip import Query, Transaction, clock, send
from loyalty.levels.facts import LevelRow, Levels, levels_of, levels_query
from loyalty.levels.points import (
    MomentSql,
    PointsRow,
    Trip,
    past_of,
    points_facts,
    points_query,
    session_end,
)
from loyalty.people.lock_person import ALL_ADDRESSES

_BY_DIGEST: LiteralString = "s.token_digest = %s"
_BY_ID: LiteralString = "s.id = %s"


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


_SESSION = columns(SessionFacts, "s")
_SESSION_SQL: LiteralString = (
    f"SELECT {_SESSION.sql} FROM loyalty_earnsession s WHERE {{where}} FOR UPDATE"  # noqa: S608  our own columns
)
_CARD: LiteralString = (
    "SELECT c.id FROM loyalty_card c WHERE c.customer_id = %s AND c.program_id ="
    " (SELECT s.program_id FROM loyalty_earnsession s WHERE {where}) FOR NO KEY UPDATE"
)


class WaitingAddress(NamedTuple):
    """The address that a session was taken for."""

    email: str
    scanned_at: datetime
    expires_at: datetime


class NearVisit(NamedTuple):
    """A collect of the person that a limit may look at, at whichever of their addresses."""

    at: datetime
    preset_id: int | None
    program_id: int


class NearRow(NamedTuple):
    """What lies about a session: for whom it was taken, and one of the visits that are near."""

    queued: WaitingAddress | None
    visit: NearVisit | None


_NEAR = columns(
    NearRow,
    "s",
    queued=columns(WaitingAddress, "s").or_none(),
    visit=columns(NearVisit, "x", at="x.collected_at").or_none(),
)
# Visits of the session's preset or program, as near to its moment as its limits reach; without
# limits nothing is near (NULL), for somebody may have come a hundred times today. A code is
# collected within 90 seconds of being made, so a reach that is 3 minutes longer holds all that the
# limits look at from the moment of the scan. There is a row at least for each session.
_NEAR_SQL: LiteralString = (
    f"SELECT {_NEAR.sql}"  # noqa: S608  our own columns
    """
  FROM (SELECT s.preset_id, s.program_id, q.email, q.scanned_at, q.expires_at,
               coalesce(q.scanned_at, s.created_at) AS at,
               CASE WHEN s.policy -> 'cooldown_minutes' IS NOT NULL
                      OR s.policy -> 'daily_cap' IS NOT NULL
                    THEN make_interval(
                      days => CASE WHEN s.policy -> 'daily_cap' IS NULL THEN 0 ELSE 2 END,
                      mins => 3 + coalesce((s.policy ->> 'cooldown_minutes')::int, 0))
               END AS reach
          FROM loyalty_earnsession s LEFT JOIN loyalty_queuedsession q ON q.session_id = s.id
         WHERE {where}) s
  LEFT JOIN loyalty_earnsession x ON x.status = 'collected' AND x.customer_id = ANY(ARRAY(
         SELECT %s::bigint UNION ALL SELECT o.id FROM loyalty_customer k
           JOIN loyalty_customer o ON o.person = k.person WHERE k.id = %s))
   AND x.collected_at > s.at - s.reach AND x.collected_at < s.at + s.reach
   AND (x.preset_id = s.preset_id OR x.program_id = s.program_id)
"""
)


@dataclass(frozen=True, slots=True)
class CollectingCustomer:
    """The customer's row; `person` is shared by all addresses of one mailbox."""

    email: str
    mailbox: str
    person: int
    birthday: Birthday | None
    level_status: LevelStatus


class LockedCustomer(NamedTuple):
    """One of the person's addresses; `is_own` is the one that collects."""

    is_own: bool
    customer: CollectingCustomer


def _moments(stored: str) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(each) for each in json.loads(stored))


# A customer made before `person` existed has none: their own id is the person.
CUSTOMER = columns(
    CollectingCustomer,
    "k",
    person="coalesce(k.person, k.id)",
    birthday=columns(
        Birthday,
        "k",
        month="k.birth_month",
        day="k.birth_day",
        counts_from="k.birthday_counts_from",
    ).or_none(),
    level_status=columns(
        LevelStatus,
        "k",
        level_index="k.level_rung",
        rises=column("k.level_rises", _moments),
        held_at="k.level_held_at",
        approved_at="k.level_trusted_at",
    ),
)
_CUSTOMER = columns(LockedCustomer, "k", is_own="k.id = %s", customer=CUSTOMER)
# All addresses of the person, in the order of their ids: two that collect at once would each find
# the last place of a day free. An address that enrols meanwhile finds the older ones here.
_CUSTOMERS: LiteralString = f"SELECT {_CUSTOMER.sql}" + ALL_ADDRESSES
_OCCASIONS: LiteralString = """
SELECT b.occasion FROM loyalty_bonus b JOIN loyalty_customer k
    ON b.person = coalesce(k.person, k.id)
 WHERE k.id = %s AND b.occasion <> '' AND b.status <> 'void'
"""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything about the person that a decision rests on.

    `visits` are counted only where there are levels; `rises_elsewhere` are the other addresses'.
    """

    customer: CollectingCustomer | None
    levels: Levels
    past: PastVisits
    occasions: list[str]
    visits: int = 0
    rises_elsewhere: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonQueries:
    """The statements of one round trip; the person's lock comes right behind the session's."""

    customer_id: int
    customers: Query[LockedCustomer]
    levels: Query[LevelRow]
    points: Query[PointsRow]
    occasions: Query[str]

    def found(self, *, at: datetime, send: Trip = send) -> PersonFacts:
        """The facts, as a visit at this moment sees them.

        After their trip; by one more where the past has to be counted again.
        """
        levels = levels_of(tuple(self.levels.rows))
        points = points_facts(self.points.rows)
        past = past_of(points, levels, customer_id=self.customer_id, at=at, send=send)
        visits = points.visits if points else 0
        customer = next((each.customer for each in self.customers.rows if each.is_own), None)
        others = (each.customer.level_status for each in self.customers.rows if not each.is_own)
        rises = tuple(rise for each in others for rise in each.rises)
        return PersonFacts(customer, levels, past, self.occasions.rows, visits, rises)


def person_queries(customer_id: int, *, until: MomentSql) -> PersonQueries:
    """Locks the person and asks for little: somebody may have come thousands of times.

    `until` is not before the moment that the facts are for.
    """
    return PersonQueries(
        customer_id,
        Query(_CUSTOMERS, [customer_id] * 3, row=_CUSTOMER.row),
        levels_query(),
        points_query(customer_id, until=until),
        Query(_OCCASIONS, [customer_id], row=lambda row: str(row[0])),
    )


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
        card = session_and_card(self)[1]
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
    session = Query(_SESSION_SQL.replace("{where}", where), [key], row=_SESSION.row)
    person = person_queries(customer_id, until=session_end(where, key))
    # A confirmation holds the card alone: without its lock two states could share a version.
    locked: Query[Any] = Query(_CARD.replace("{where}", where), [customer_id, key])
    # Behind the locks: a request that waited past the lifetime must see that it did.
    now = clock()
    near = Query(
        _NEAR_SQL.replace("{where}", where), [key, customer_id, customer_id], row=_NEAR.row
    )
    card = card_queries(where, key, customer_id)
    known = (person.levels, person.points, person.occasions)
    cards = (card.card, card.counters, card.waiting)
    tx.send(session, person.customers, locked, now, near, *cards, *known, *besides)
    queued = near.first.queued if near.first else None
    found = person.found(at=queued.scanned_at if queued else now.only, send=tx.send)
    return CollectFacts(
        session=session.first,
        queued=queued,
        card=card.found(now=now.only),
        person=found,
        now=now.only,
        near=[row.visit for row in near.rows if row.visit],
    )


def session_and_card(facts: CollectFacts) -> tuple[SessionFacts, CardFacts]:
    """The session and the rules, for anybody who made sure that there is a session."""
    if facts.session is None or facts.card is None:
        raise ValueError("There is no session to decide about.")
    return facts.session, facts.card


def snapshot_of(session: SessionFacts) -> dict[str, Any]:
    """The policy snapshot that the session was made under."""
    policy: dict[str, Any] = json.loads(session.policy)
    return policy
