"""What cards owe for bonuses that were given and then lost their sales: figures for managers."""

from dataclasses import dataclass
from datetime import timedelta
from typing import LiteralString

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Actor
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, database_now, send

# Nobody has come for so long: nothing is likely to pay any more.
GIVEN_UP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Debts:
    """The cards that owe, and the bonuses that they owe for, one that is partly paid included.

    Of them those that are abandoned: no visit is left on the card, or the last one is 30 days ago.
    """

    cards: int
    bonuses: int
    abandoned_cards: int
    abandoned_bonuses: int


_FIGURES = columns(
    Debts,
    "cards",
    cards="count(*)",
    bonuses="coalesce(sum(bonuses), 0)::bigint",
    abandoned_cards="count(*) FILTER (WHERE is_abandoned)",
    abandoned_bonuses="coalesce(sum(bonuses) FILTER (WHERE is_abandoned), 0)::bigint",
)
_DEBTS: LiteralString = f"""
WITH owing AS (
  SELECT k.card_id, sum(ceil(k.debt::numeric / v.threshold)) AS bonuses
    FROM loyalty_counter k
    JOIN loyalty_card c ON c.id = k.card_id
    JOIN loyalty_programversion v ON v.id = c.promise_id
   WHERE k.debt > 0 GROUP BY k.card_id
  UNION ALL
  SELECT id, streaks_owed FROM loyalty_card WHERE streaks_owed > 0),
cards AS (
  SELECT o.card_id, sum(o.bonuses) AS bonuses,
         bool_or(c.visits = 0 OR c.last_visit_at < %s) AS is_abandoned
    FROM owing o JOIN loyalty_card c ON c.id = o.card_id GROUP BY o.card_id)
SELECT {_FIGURES.sql}
  FROM cards
"""  # noqa: S608  our own columns


def debts(*, actor: Actor) -> Debts:
    """The figures of the active business now."""
    access.require(actor, Permission.REVIEW)
    found = Query(_DEBTS, [database_now() - GIVEN_UP], row=_FIGURES.row)
    send(found)
    return found.only
