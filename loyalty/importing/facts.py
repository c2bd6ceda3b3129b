"""What is known of some people of an import, read at once behind their locks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from loyalty.counting.level_table import VisitPoints
from loyalty.counting.streak import Streak
from loyalty.counting.visit import CardState, CounterBalance
from loyalty.db.roundtrip import Query, send
from loyalty.earning.person_facts import CUSTOMER, CollectingCustomer, customer_of
from loyalty.levels.facts import Levels, levels_of, levels_query

# Each statement looks one table up by its keys: a join may be planned row by row where the planner
# has not yet heard of what a table holds.
# In the order of their ids, as nobody else locks more than one: two imports never wait crosswise.
_LOCKED: LiteralString = (
    f"SELECT id, {CUSTOMER} FROM loyalty_customer"  # noqa: S608  our own columns
    " WHERE email = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
)
_KEYS: LiteralString = "SELECT import_key FROM loyalty_earnsession WHERE import_key = ANY(%s)"
_CARDS: LiteralString = """
SELECT c.id, c.customer_id, c.version, c.visits, c.points, c.promise_id, c.last_visit_at,
       c.units_end_at, c.streak_days, c.streak_last_at, c.streak_freezes_used, c.streak_ends_at,
       c.streaks_owed
  FROM loyalty_card c WHERE c.program_id = %s AND c.customer_id = ANY(%s)
 ORDER BY c.id FOR NO KEY UPDATE
"""
_COUNTERS: LiteralString = """
SELECT card_id, tier_id, id, open, debt FROM loyalty_counter WHERE card_id = ANY(%s)
"""
_BONUSES: LiteralString = """
SELECT card_id, count(*) FROM loyalty_bonus
 WHERE card_id = ANY(%s) AND status <> 'void' GROUP BY card_id
"""
_VISITS: LiteralString = """
SELECT customer_id, collected_at, points_given FROM loyalty_earnsession
 WHERE customer_id = ANY(%s) AND status = 'collected' AND collected_at > %s ORDER BY collected_at
"""
_OCCASIONS: LiteralString = """
SELECT person, occasion FROM loyalty_bonus
 WHERE person = ANY(%s) AND occasion <> '' AND status <> 'void'
"""
_PERSONS: LiteralString = "SELECT id, person FROM loyalty_customer WHERE person = ANY(%s)"
_SEEN: LiteralString = """
SELECT DISTINCT customer_id FROM loyalty_earnsession
 WHERE customer_id = ANY(%s) AND status = 'collected'
"""


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card of the program, and the ids of its counters."""

    id: int
    version: int
    visits: int
    points: int
    promise_id: int
    past_bonuses: int
    state: CardState
    counters: dict[int | None, int]


@dataclass(slots=True)
class ImportFacts:
    """By the customer's id, but `occasions` and `seen_persons` by the person's."""

    levels: Levels
    cards: dict[int, StoredCard] = field(default_factory=dict)
    given: defaultdict[int, list[VisitPoints]] = field(default_factory=lambda: defaultdict(list))
    occasions: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    seen: set[int] = field(default_factory=set)
    seen_persons: set[int] = field(default_factory=set)


def imported_keys(keys: Sequence[bytes]) -> set[bytes]:
    """Those of the keys that were imported before."""
    asked = Query(_KEYS, [list(keys)], row=lambda row: bytes(row[0]))
    send(asked)
    return set(asked.rows)


def locked_customers(emails: Sequence[str]) -> dict[str, tuple[int, CollectingCustomer]]:
    """The customers with these addresses and their ids; held until the transaction ends.

    A collect holds its session and waits here for its customer, or the import for it: sessions
    that an import makes are nobody else's, so neither waits for what the other holds.
    """
    asked = Query(_LOCKED, [list(emails)], row=lambda row: (int(row[0]), customer_of(row[1:])))
    send(asked)
    return {customer.email: (number, customer) for number, customer in asked.rows}


def import_facts(
    customers: Iterable[tuple[int, CollectingCustomer]], *, program_id: int, since: datetime
) -> ImportFacts:
    """Cards (locked), visits that may count towards a level at `since`, and what was given once."""
    found = list(customers)
    ids = [number for number, _ in found]
    persons = [each.person for _, each in found if each.person is not None]
    level_table, cards = levels_query(), _ask(_CARDS, program_id, ids)
    occasions, addresses = _ask(_OCCASIONS, persons), _ask(_PERSONS, persons)
    send(cards, level_table, occasions, addresses)
    person_of: dict[int, int | None] = {**dict.fromkeys(ids), **dict(addresses.rows)}
    seen = _ask(_SEEN, list(person_of))
    send(seen)
    facts = ImportFacts(levels_of(tuple(level_table.rows)))
    facts.cards = _cards(cards.rows)
    for person, occasion in occasions.rows:
        facts.occasions[person].append(occasion)
    facts.seen = {number for (number,) in seen.rows}
    facts.seen_persons = {person for each in facts.seen if (person := person_of[each]) is not None}
    if facts.levels.level_table.levels:
        visits = _ask(_VISITS, ids, since - facts.levels.level_table.memory)
        send(visits)
        for number, at, points in visits.rows:
            facts.given[number].append(VisitPoints(at, points))
    return facts


def _ask(sql: LiteralString, *params: object) -> Query[tuple[Any, ...]]:
    return Query(sql, params)


def _cards(rows: list[tuple[Any, ...]]) -> dict[int, StoredCard]:
    ids = [row[0] for row in rows]
    counters, bonuses = _ask(_COUNTERS, ids), _ask(_BONUSES, ids)
    send(counters, bonuses)
    numbers: defaultdict[int, dict[int | None, int]] = defaultdict(dict)
    balances: defaultdict[int, dict[int | None, CounterBalance]] = defaultdict(dict)
    for card_id, tier_id, number, units, debt in counters.rows:
        numbers[card_id][tier_id] = number
        balances[card_id][tier_id] = CounterBalance(units, debt)
    past = dict(bonuses.rows)
    found = {}
    for card_id, customer_id, version, visits, points, promise_id, *more in rows:
        last_at, units_end_at, days, streak_at, used, ends_at, owed = more
        streak = Streak(days, streak_at, used, ends_at)
        state = CardState(balances[card_id], streak, owed, last_at, units_end_at)
        known = (card_id, version, visits, points, promise_id, past.get(card_id, 0))
        found[customer_id] = StoredCard(*known, state, numbers[card_id])
    return found
