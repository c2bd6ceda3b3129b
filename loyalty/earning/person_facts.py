"""Who collects: the locked customer, their points, the ladder, and what they had already."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from loyalty.counting.activity import PastVisits
from loyalty.counting.birthday import Birthday
from loyalty.counting.levels import LevelStatus
from loyalty.db.roundtrip import Query, send
from loyalty.levels.facts import Levels, levels_of, levels_query
from loyalty.levels.points import MomentSql, Trip, past_of, points_facts, points_query

# Anybody who enrolled before persons were told apart is one of their own.
CUSTOMER: LiteralString = (
    "email, mailbox, coalesce(person, id), birth_month, birth_day, birthday_counts_from,"
    " level_rung, level_rises, level_held_at, level_trusted_at"
)
# All addresses of the person, in the order of their ids: two that collect at once would each find
# the last place of a day free. An address that enrols meanwhile finds the older ones here.
_CUSTOMER: LiteralString = (
    f"SELECT id = %s, {CUSTOMER} FROM loyalty_customer"  # noqa: S608  our own columns
    " WHERE id = %s OR person = (SELECT k.person FROM loyalty_customer k WHERE k.id = %s)"
    " ORDER BY id FOR NO KEY UPDATE"
)
_OCCASIONS: LiteralString = """
SELECT b.occasion FROM loyalty_bonus b JOIN loyalty_customer k
    ON b.person = coalesce(k.person, k.id)
 WHERE k.id = %s AND b.occasion <> '' AND b.status <> 'void'
"""


@dataclass(frozen=True, slots=True)
class CollectingCustomer:
    """The customer's row; `person` is shared by all addresses of one mailbox."""

    email: str
    mailbox: str
    person: int
    birthday: Birthday | None
    level_status: LevelStatus


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
    customers: Query[tuple[bool, CollectingCustomer]]
    levels: Query[tuple[Any, ...]]
    points: Query[tuple[Any, ...]]
    occasions: Query[str]

    def found(self, *, at: datetime, send: Trip = send) -> PersonFacts:
        """The facts, as a visit at this moment sees them.

        After their trip; by one more where the past has to be counted again.
        """
        levels = levels_of(tuple(self.levels.rows))
        points = points_facts(self.points.rows)
        past = past_of(points, levels, customer_id=self.customer_id, at=at, send=send)
        visits = points.visits if points else 0
        customer = next((found for is_own, found in self.customers.rows if is_own), None)
        others = (found.level_status for is_own, found in self.customers.rows if not is_own)
        rises = tuple(rise for each in others for rise in each.rises)
        return PersonFacts(customer, levels, past, self.occasions.rows, visits, rises)


def person_queries(customer_id: int, *, until: MomentSql) -> PersonQueries:
    """Locks the person and asks for little: somebody may have come thousands of times.

    `until` is not before the moment that the facts are for.
    """
    return PersonQueries(
        customer_id,
        Query(_CUSTOMER, [customer_id] * 3, row=lambda row: (row[0], customer_of(row[1:]))),
        levels_query(),
        points_query(customer_id, until=until),
        Query(_OCCASIONS, [customer_id], row=lambda row: str(row[0])),
    )


def customer_of(row: tuple[Any, ...]) -> CollectingCustomer:
    """The customer of a row with these columns."""
    email, mailbox, person, month, day, counts_from, level_index, rises, held_at, approved_at = row
    birthday = Birthday(month, day, counts_from) if month else None
    moments = tuple(datetime.fromisoformat(each) for each in json.loads(rises))
    return CollectingCustomer(
        email, mailbox, person, birthday, LevelStatus(level_index, moments, held_at, approved_at)
    )
