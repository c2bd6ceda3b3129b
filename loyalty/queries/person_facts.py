"""Who collects: the locked customer, their latest visits, the ladder, and what they had already."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, LiteralString

from loyalty.rules.birthday import Birthday
from loyalty.rules.levels import Given, Ladder, Rung, Standing
from loyalty.switches import Gift
from loyalty.trip import Ask

# Whoever enrolled before persons were told apart is one of their own.
CUSTOMER: LiteralString = (
    "email, mailbox, coalesce(person, id), birth_month, birth_day, birthday_counts_from,"
    " level_rung, level_rises, level_held_at, level_trusted_at"
)
_CUSTOMER: LiteralString = (
    f"SELECT {CUSTOMER} FROM loyalty_customer"  # noqa: S608  our own columns
    " WHERE id = %s FOR NO KEY UPDATE"
)
# As far back as any of our rules looks: queued scans, cooldowns, and the levels' period if any.
_VISITS: LiteralString = """
SELECT x.collected_at, x.points_given, x.preset_id, x.program_id FROM loyalty_earnsession x
 WHERE x.customer_id = %s AND x.status = 'collected'
   AND x.collected_at > (SELECT public.plusone_clock()) - (
         SELECT make_interval(
             days => 2 + s.queue_days + CASE WHEN EXISTS (SELECT 1 FROM loyalty_level)
                                             THEN s.level_period_days + s.level_grace_days
                                             ELSE 0 END,
             mins => coalesce((SELECT max(p.cooldown_minutes) FROM loyalty_preset p), 0))
           FROM loyalty_settings s)
 ORDER BY x.collected_at DESC LIMIT 5000
"""
_LEVELS: LiteralString = """
SELECT v.id, v.name, v.threshold, v.percent, v.gift::text, s.level_period_days,
       s.level_grace_days, s.level_most_rises, s.level_rises_within_days
  FROM loyalty_level v JOIN loyalty_settings s ON s.id = 1 ORDER BY v.threshold
"""
_OCCASIONS: LiteralString = """
SELECT b.occasion FROM loyalty_bonus b JOIN loyalty_customer k
    ON b.person = coalesce(k.person, k.id)
 WHERE k.id = %s AND b.occasion <> '' AND b.status <> 'void'
"""

_NO_LADDER = Ladder()


@dataclass(frozen=True, slots=True)
class Customer:
    """The customer's row; `person` is shared by all addresses of one mailbox."""

    email: str
    mailbox: str
    person: int
    birthday: Birthday | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One collect of the customer, in any program."""

    at: datetime
    points: int
    preset_id: int | None
    program_id: int


@dataclass(frozen=True, slots=True)
class Levels:
    """The business's ladder, and the gift of each level that has one."""

    ladder: Ladder = _NO_LADDER
    gifts: tuple[tuple[int, Gift], ...] = ()

    def gift(self, level_id: int) -> Gift | None:
        """What whoever reaches this level gets."""
        return dict(self.gifts).get(level_id)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything about the person that a decision rests on."""

    customer: Customer | None
    visits: list[PastVisit]
    levels: Levels
    occasions: list[str]

    @property
    def given(self) -> list[Given]:
        """The points of the visits that may still count."""
        return [Given(each.at, each.points) for each in self.visits]


@dataclass(frozen=True, slots=True)
class PersonAsks:
    """The statements of one round trip; the customer's comes right behind the session's lock."""

    customer: Ask[Customer]
    visits: Ask[PastVisit]
    levels: Ask[tuple[Any, ...]]
    occasions: Ask[str]

    def found(self) -> PersonFacts:
        """The facts, after the trip."""
        levels = levels_of(tuple(self.levels.rows))
        return PersonFacts(self.customer.first, self.visits.rows, levels, self.occasions.rows)


def person_asks(customer_id: int) -> PersonAsks:
    """Locks the customer and asks for the rest."""
    return PersonAsks(
        Ask(_CUSTOMER, [customer_id], row=customer_of),
        Ask(_VISITS, [customer_id], row=lambda row: PastVisit(*row)),
        levels_ask(),
        Ask(_OCCASIONS, [customer_id], row=lambda row: str(row[0])),
    )


def levels_ask() -> Ask[tuple[Any, ...]]:
    """Asks for the business's levels; `levels_of` reads the answer."""
    return Ask(_LEVELS)


@lru_cache(maxsize=500)
def levels_of(rows: tuple[tuple[Any, ...], ...]) -> Levels:
    """The levels of such rows, each set of them read once."""
    if not rows:
        return Levels()
    period, grace, most, within = rows[0][5:9]
    ladder = Ladder(
        tuple(Rung(*row[:4]) for row in rows),
        timedelta(days=period),
        timedelta(days=grace),
        most,
        timedelta(days=within),
    )
    gifts = tuple((row[0], Gift(**json.loads(row[4]))) for row in rows if row[4])
    return Levels(ladder, gifts)


def customer_of(row: tuple[Any, ...]) -> Customer:
    """The customer of a row with these columns."""
    email, mailbox, person, month, day, counts_from, rung, rises, held_at, trusted_at = row
    birthday = Birthday(month, day, counts_from) if month else None
    moments = tuple(datetime.fromisoformat(each) for each in json.loads(rises))
    return Customer(email, mailbox, person, birthday, Standing(rung, moments, held_at, trusted_at))
