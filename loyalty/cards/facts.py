"""The card that a session meets: its rules, counters, streak and waiting bonuses."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString

from loyalty.base.values import Mechanic
from loyalty.cards.view import BONUS, BonusView
from loyalty.counting.promise import is_better
from loyalty.counting.streak import Streak
from loyalty.counting.visit import CardState, CounterBalance
from loyalty.db.roundtrip import Query
from loyalty.programs.budget import Budget
from loyalty.programs.mechanics import COLUMNS, NEWEST, WIDTH, mechanic
from loyalty.switches import Switches, from_text, is_as_good

_RULES: LiteralString = (
    "SELECT "  # noqa: S608  our own columns
    + COLUMNS
    + """, v.id, v.switches::text, p.current_id, v.product_id, coalesce(t.name, p.name), p.name,
       coalesce(t.price, 0), l.time_zone, l.opening_hours::text, u.email,
       g.bonuses, g.worth, g.most_bonuses, g.most_worth,
       c.id, c.version, c.visits, c.points, c.last_visit_at, c.units_end_at, c.created_at,
       c.streak_days, c.streak_last_at, c.streak_freezes_used, c.streak_ends_at, c.streaks_owed,
       CASE WHEN v.switches -> 'birthday' IS NOT NULL THEN
         (SELECT count(*) FROM (SELECT 1 FROM loyalty_bonus b
           WHERE b.card_id = c.id AND b.status <> 'void' LIMIT 50) b) ELSE 0 END,
       coalesce(v.switches -> 'welcome', w.switches -> 'welcome') IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM loyalty_earnsession x
          WHERE x.customer_id = %s AND x.status = 'collected'),
       coalesce(v.switches -> 'welcome', w.switches -> 'welcome') IS NOT NULL AND EXISTS (
         SELECT 1 FROM loyalty_customer k
           JOIN loyalty_customer o ON o.person = k.person AND o.id <> k.id
           JOIN loyalty_earnsession x ON x.customer_id = o.id AND x.status = 'collected'
          WHERE k.id = %s),
       """
    + NEWEST
    + """, w.switches::text
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
class NewestRules:
    """The numbers in force, which a card takes up when it is completed."""

    mechanic: Mechanic
    switches: Switches


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The customer's card before the units (`card_id` None: there is none yet), and its rules.

    `past_bonuses` is counted, up to 50, and `is_first` known, only where a switch asks for it.
    `newest` None: the card has them already. `is_known`: another address of the person has
    collected; None where that is not told from the customer's own visits.
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
    newest: NewestRules | None = None
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
        Query(_RULES + where, [customer_id, customer_id, customer_id, key], row=_card),
        Query(
            _COUNTERS + where + " ORDER BY t.rank NULLS FIRST",
            [customer_id, key],
            row=lambda row: CounterFacts(*row),
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


def _card(found: tuple[Any, ...]) -> CardFacts:
    version_id, switches, *more = found[WIDTH : WIDTH + 10]
    bonuses, *budget = found[WIDTH + 10 : WIDTH + 14]
    card_id, version, visits, points, last_at, units_end_at = found[WIDTH + 14 : WIDTH + 20]
    created_at = found[WIDTH + 20]
    days, streak_at, used, ends_at, owed, past, is_new, is_known = found[WIDTH + 21 : WIDTH + 29]
    newest = NewestRules(mechanic(found[WIDTH + 29 :]), from_text(found[-1]))
    rules = CardRules(mechanic(found), version_id, from_text(switches), *more)
    streak = Streak(days or 0, streak_at, used or 0, ends_at)
    return CardFacts(
        rules=rules if card_id else _promised(rules, newest),
        budget=None if bonuses is None else Budget(bonuses, *budget),
        card_id=card_id,
        version=version or 0,
        visits=visits or 0,
        points=points or 0,
        state=CardState({}, streak, owed or 0, last_at, units_end_at),
        past_bonuses=past,
        is_first=is_new and not is_known,
        is_known=is_known,
        newest=newest,
        created_at=created_at,
    )


def _promised(rules: CardRules, newest: NewestRules) -> CardRules:
    # A card that begins with a code of older numbers takes the newer ones if they are better.
    if rules.promise_id == rules.current_id:
        return rules
    is_kinder = is_better(newest.mechanic, rules.mechanic)
    if not is_kinder or not is_as_good(newest.switches, rules.switches):
        return rules
    current, numbers = rules.current_id, newest.mechanic
    return replace(rules, promise_id=current, mechanic=numbers, switches=newest.switches)
