"""The card that a session meets: its rules, counters, streak and waiting bonuses."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple

from loyalty.base.values import Mechanic
from loyalty.cards.card_rows import CARD, CardRow, state_of
from loyalty.cards.view import BONUS, BonusView
from loyalty.counting.promise import is_better
from loyalty.counting.visit import CardState, CounterBalance
from loyalty.db.columns import Columns, columns
from loyalty.db.roundtrip import Query
from loyalty.programs.budget import Budget
from loyalty.programs.mechanics import mechanic_columns, switches_columns
from loyalty.switches import Switches, is_as_good


@dataclass(frozen=True, slots=True)
class CardRules:
    """The version that the card has promised, and what the program and the location add to it."""

    mechanic: Mechanic
    promise_id: int
    switches: Switches
    current_id: int
    product_id: int | None
    bonus_title: str
    program_name: str
    price: int
    zone: str
    opening_hours: str | None
    maker_email: str | None

    @property
    def closed(self) -> frozenset[int]:
        """The weekdays on which the location is closed."""
        return closed_days(self.opening_hours)


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
class PromisedNumbers:
    """The numbers that a card keeps until it is completed, or those that it takes up then."""

    mechanic: Mechanic
    switches: Switches


class CardColumns(NamedTuple):
    """What one row says: the rules, the customer's card if there is one, and what it rests on."""

    rules: CardRules
    budget: Budget | None
    card: CardRow | None
    past_bonuses: int
    is_new: bool
    is_known: bool
    newest: PromisedNumbers


def rules_columns(*, maker_email: LiteralString) -> Columns[CardRules]:
    """The rules of the version `v` of the program `p` with its product `t`, at the location `l`."""
    return columns(
        CardRules,
        "v",
        mechanic=mechanic_columns("v"),
        promise_id="v.id",
        switches=switches_columns("v"),
        current_id="p.current_id",
        bonus_title="coalesce(t.name, p.name)",
        program_name="p.name",
        price="coalesce(t.price, 0)",
        zone="l.time_zone",
        opening_hours="l.opening_hours::text",
        maker_email=maker_email,
    )


_IS_WELCOMING: LiteralString = (
    "coalesce(v.switches -> 'welcome', w.switches -> 'welcome') IS NOT NULL"
)
_CARD = columns(
    CardColumns,
    "c",
    rules=rules_columns(maker_email="u.email"),
    budget=columns(Budget, "g").or_none(),
    card=CARD.or_none(),
    past_bonuses="""CASE WHEN v.switches -> 'birthday' IS NOT NULL THEN
         (SELECT count(*) FROM (SELECT 1 FROM loyalty_bonus b
           WHERE b.card_id = c.id AND b.status <> 'void' LIMIT 50) b) ELSE 0 END""",
    is_new=_IS_WELCOMING  # noqa: S608  our own words
    + """ AND NOT EXISTS (
         SELECT 1 FROM loyalty_earnsession x
          WHERE x.customer_id = %s AND x.status = 'collected')""",
    is_known=_IS_WELCOMING  # noqa: S608  the same
    + """ AND EXISTS (
         SELECT 1 FROM loyalty_customer k
           JOIN loyalty_customer o ON o.person = k.person AND o.id <> k.id
           JOIN loyalty_earnsession x ON x.customer_id = o.id AND x.status = 'collected'
          WHERE k.id = %s)""",
    newest=columns(
        PromisedNumbers, "w", mechanic=mechanic_columns("w"), switches=switches_columns("w")
    ),
)
_RULES: LiteralString = (
    f"SELECT {_CARD.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_earnsession s
  JOIN loyalty_program p ON p.id = s.program_id
  JOIN loyalty_programversion w ON w.id = p.current_id
  JOIN loyalty_location l ON l.id = s.location_id
  LEFT JOIN loyalty_staffmember m ON m.id = s.staff_id
  LEFT JOIN accounts_user u ON u.id = m.user_id
  LEFT JOIN loyalty_programbudget g ON g.program_id = s.program_id
  LEFT JOIN loyalty_card c ON c.program_id = s.program_id AND c.customer_id = %s
  JOIN loyalty_programversion v ON v.id = coalesce(c.promise_id, s.version_id)
  LEFT JOIN loyalty_product t ON t.id = v.product_id
 WHERE """
)
_COUNTER = columns(
    CounterFacts,
    "n",
    tier_id="t.id",
    tier_name="t.name",
    tier_rank="t.rank",
    open="coalesce(n.open, 0)",
    debt="coalesce(n.debt, 0)",
)
# Every tier of the program, lowest first, and the one counter without a tier; `n` is what the card
# has counted there so far.
_COUNTERS: LiteralString = (
    f"SELECT {_COUNTER.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_earnsession s
  JOIN (SELECT id, name, rank, program_id FROM loyalty_tier
        UNION ALL SELECT NULL, NULL, NULL, id FROM loyalty_program) t ON t.program_id = s.program_id
  LEFT JOIN loyalty_card c ON c.program_id = s.program_id AND c.customer_id = %s
  LEFT JOIN loyalty_counter n ON n.card_id = c.id AND n.tier_id IS NOT DISTINCT FROM t.id
 WHERE """
)
# Bonuses that ended since the code was made are left out by the clock that the caller read.
_WAITING: LiteralString = (
    f"SELECT {BONUS.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_bonus b JOIN loyalty_card c ON c.id = b.card_id
  JOIN loyalty_earnsession s ON s.program_id = c.program_id
 WHERE b.status = 'waiting' AND c.customer_id = %s
   AND (b.expires_at IS NULL OR b.expires_at > s.created_at) AND """
)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The customer's card before the units (`card_id` None: there is none yet), and its rules.

    `past_bonuses` is counted, up to 50, and `is_first` known, only where a switch asks for it.
    `newest` None: the card has them already, or no scan asks (an import). `is_known`: another
    address of the person has collected; None where that is not told from the customer's own visits.
    """

    rules: CardRules
    budget: Budget | None
    card_id: int | None
    version: int
    visits: int
    points: int
    state: CardState
    past_bonuses: int
    is_first: bool
    is_known: bool | None = None
    counters: list[CounterFacts] = field(default_factory=list)
    waiting: list[BonusView] = field(default_factory=list)
    newest: PromisedNumbers | None = None
    # When the card began; None while there is none yet.
    created_at: datetime | None = None

    @property
    def mechanic(self) -> Mechanic:
        """The numbers that the card has promised."""
        return self.rules.mechanic


@dataclass(frozen=True, slots=True)
class CardQueries:
    """The statements of one round trip."""

    card: Query[CardFacts]
    counters: Query[CounterFacts]
    waiting: Query[BonusView]

    def found(self, *, now: datetime) -> CardFacts | None:
        """The facts, after the trip, as they are now; None when there is no such session."""
        card = self.card.first
        if card is None:
            return None
        counters = self.counters.rows
        balances = {each.tier_id: CounterBalance(each.open, each.debt) for each in counters}
        # The row knows all but the balances, which are rows of their own.
        state = replace(card.state, balances=balances)
        waiting = [bonus for bonus in self.waiting.rows if not bonus.is_over(now)]
        return replace(card, state=state, counters=counters, waiting=waiting)


def card_queries(where: LiteralString, key: bytes | int, customer_id: int) -> CardQueries:
    """Asks for the card that the session found by `where` would be collected on."""
    return CardQueries(
        Query(_RULES + where, [customer_id, customer_id, customer_id, key], row=_CARD_FACTS.row),
        Query(
            _COUNTERS + where + " ORDER BY t.rank NULLS FIRST",
            [customer_id, key],
            row=_COUNTER.row,
        ),
        Query(
            _WAITING + where + " ORDER BY b.id LIMIT 100",
            [customer_id, key],
            row=BONUS.row,
        ),
    )


@lru_cache(maxsize=1_000)
def closed_days(opening_hours: str | None) -> frozenset[int]:
    """The weekdays without hours (0 is Monday); none when the hours are not known."""
    return closed_days_of(json.loads(opening_hours) if opening_hours else None)


def closed_days_of(hours: dict[str, Any] | None) -> frozenset[int]:
    """The same of hours that were read already."""
    if not hours:
        return frozenset()
    return frozenset(day for day in range(7) if not hours.get(str(day)))


def _met(row: CardColumns) -> CardFacts:
    card, state = row.card, state_of(row.card) if row.card else CardState()
    return CardFacts(
        rules=row.rules if card else _promised(row.rules, row.newest),
        budget=row.budget,
        card_id=card.id if card else None,
        version=card.version if card else 0,
        visits=card.visits if card else 0,
        points=card.points if card else 0,
        state=state,
        past_bonuses=row.past_bonuses,
        is_first=row.is_new and not row.is_known,
        is_known=row.is_known,
        newest=row.newest,
        created_at=card.created_at if card else None,
    )


_CARD_FACTS = _CARD.then(_met)


def _promised(rules: CardRules, newest: PromisedNumbers) -> CardRules:
    # A card that begins with a code of older numbers takes the newer ones if they are better.
    if rules.promise_id == rules.current_id:
        return rules
    is_kinder = is_better(newest.mechanic, rules.mechanic)
    if not is_kinder or not is_as_good(newest.switches, rules.switches):
        return rules
    current, numbers = rules.current_id, newest.mechanic
    return replace(rules, promise_id=current, mechanic=numbers, switches=newest.switches)
