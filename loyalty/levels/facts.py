"""The business's levels as the rules see them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, LiteralString

from loyalty.counting.level_table import LevelRule, LevelTable
from loyalty.db.roundtrip import Query
from loyalty.switches import Reward

_LEVELS: LiteralString = """
SELECT v.id, v.name, v.threshold, v.percent, v.gift::text, s.level_period_days,
       s.level_grace_days, s.level_most_rises, s.level_rises_within_days,
       (SELECT max(e.id) FROM loyalty_event e WHERE e.kind = 'levels_set')
  FROM loyalty_settings s LEFT JOIN loyalty_level v ON true WHERE s.id = 1 ORDER BY v.threshold
"""
_NO_LADDER = LevelTable()


@dataclass(frozen=True, slots=True)
class Levels:
    """The business's ladder, and the gift of each level that has one.

    `numbers` are those that points are counted by: another text, and they count otherwise.
    `set_by` is the event that made the ladder what it is, None before the first one.
    """

    level_table: LevelTable = _NO_LADDER
    gifts: tuple[tuple[int, Reward], ...] = ()
    numbers: str = ""
    set_by: int | None = None

    def gift(self, level_id: int) -> Reward | None:
        """What anybody who reaches this level gets."""
        return dict(self.gifts).get(level_id)


def levels_query() -> Query[tuple[Any, ...]]:
    """Asks for the business's levels; `levels_of` reads the answer."""
    return Query(_LEVELS)


@lru_cache(maxsize=500)
def levels_of(rows: tuple[tuple[Any, ...], ...]) -> Levels:
    """The levels of such rows, each set of them read once."""
    if not rows:
        return Levels()
    period, grace, most, within, set_by = rows[0][5:10]
    # One row stands for the settings alone where there are no levels.
    if rows[0][0] is None:
        return Levels(set_by=set_by)
    level_table = LevelTable(
        tuple(LevelRule(*row[:4]) for row in rows),
        timedelta(days=period),
        timedelta(days=grace),
        most,
        timedelta(days=within),
    )
    gifts = tuple((row[0], Reward(**json.loads(row[4]))) for row in rows if row[4])
    thresholds = ",".join(str(level.threshold) for level in level_table.levels)
    return Levels(level_table, gifts, f"{period}/{grace}/{thresholds}", set_by)
