"""What is known of some people of an import, read at once behind their locks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from loyalty.cards.card_rows import CARD, CardRow, state_of
from loyalty.counting.level_table import VisitPoints
from loyalty.counting.visit import CardState, CounterBalance
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, send
from loyalty.earning.facts import CUSTOMER, CollectingCustomer
from loyalty.levels.facts import Levels, levels_of, levels_query


class KnownCustomer(NamedTuple):
    """A customer by their id."""

    id: int
    customer: CollectingCustomer


_CUSTOMER = columns(KnownCustomer, "k", customer=CUSTOMER)
# Each statement looks one table up by its keys: a join may be planned row by row where the planner
# has not yet heard of what a table holds.
# In the order of their ids, as collects and undos lock a person's: nobody waits crosswise.
_LOCKED: LiteralString = (
    f"SELECT {_CUSTOMER.sql} FROM loyalty_customer k"  # noqa: S608  our own columns
    " WHERE k.email = ANY(%s) ORDER BY k.id FOR NO KEY UPDATE"
)
_KEYS: LiteralString = "SELECT import_key FROM loyalty_earnsession WHERE import_key = ANY(%s)"


class LockedCard(NamedTuple):
    """A card of the program."""

    customer_id: int
    promise_id: int
    card: CardRow


class CustomerVisit(NamedTuple):
    """A visit that counts towards a level."""

    customer_id: int
    visit: VisitPoints


class CounterRow(NamedTuple):
    """A counter of a card."""

    card_id: int
    tier_id: int | None
    id: int
    open: int
    debt: int


_CARD, _COUNTER = columns(LockedCard, "c", card=CARD), columns(CounterRow, "n")
_CARDS: LiteralString = f"""
SELECT {_CARD.sql}
  FROM loyalty_card c WHERE c.program_id = %s AND c.customer_id = ANY(%s)
 ORDER BY c.id FOR NO KEY UPDATE
"""  # noqa: S608  our own columns
_COUNTERS: LiteralString = f"SELECT {_COUNTER.sql} FROM loyalty_counter n WHERE n.card_id = ANY(%s)"  # noqa: S608  the same
_BONUSES: LiteralString = """
SELECT card_id, count(*) FROM loyalty_bonus
 WHERE card_id = ANY(%s) AND status <> 'void' GROUP BY card_id
"""
_VISIT = columns(
    CustomerVisit,
    "s",
    visit=columns(VisitPoints, "s", at="s.collected_at", points="s.points_given"),
)
_VISITS: LiteralString = f"""
SELECT {_VISIT.sql} FROM loyalty_earnsession s
 WHERE s.customer_id = ANY(%s) AND s.status = 'collected' AND s.collected_at > %s
 ORDER BY s.collected_at
"""  # noqa: S608  our own columns
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


def locked_customers(emails: Sequence[str]) -> dict[str, KnownCustomer]:
    """The customers with these addresses and their ids; held until the transaction ends.

    A collect holds its session and waits here for its customer, or the import for it: sessions
    that an import makes are nobody else's, so neither waits for what the other holds.
    """
    asked = Query(_LOCKED, [list(emails)], row=_CUSTOMER.row)
    send(asked)
    return {each.customer.email: each for each in asked.rows}


def import_facts(
    customers: Iterable[KnownCustomer], *, program_id: int, since: datetime
) -> ImportFacts:
    """Cards (locked), visits that may count towards a level at `since`, and what was given once."""
    found = list(customers)
    ids = [each.id for each in found]
    persons = [each.customer.person for each in found]
    level_table, cards = levels_query(), Query(_CARDS, [program_id, ids], row=_CARD.row)
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
        memory = facts.levels.level_table.memory
        visits = Query(_VISITS, [ids, since - memory], row=_VISIT.row)
        send(visits)
        for each in visits.rows:
            facts.given[each.customer_id].append(each.visit)
    return facts


def _ask(sql: LiteralString, *params: object) -> Query[tuple[Any, ...]]:
    return Query(sql, params)


def _cards(rows: Sequence[LockedCard]) -> dict[int, StoredCard]:
    ids = [row.card.id for row in rows]
    counters, bonuses = Query(_COUNTERS, [ids], row=_COUNTER.row), _ask(_BONUSES, ids)
    send(counters, bonuses)
    numbers: defaultdict[int, dict[int | None, int]] = defaultdict(dict)
    balances: defaultdict[int, dict[int | None, CounterBalance]] = defaultdict(dict)
    for each in counters.rows:
        numbers[each.card_id][each.tier_id] = each.id
        balances[each.card_id][each.tier_id] = CounterBalance(each.open, each.debt)
    past = dict(bonuses.rows)
    return {
        row.customer_id: StoredCard(
            id=row.card.id,
            version=row.card.version,
            visits=row.card.visits,
            points=row.card.points,
            promise_id=row.promise_id,
            past_bonuses=past.get(row.card.id, 0),
            state=replace(state_of(row.card), balances=balances[row.card.id]),
            counters=numbers[row.card.id],
        )
        for row in rows
    }
