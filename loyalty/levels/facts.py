"""The business's levels as the rules see them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import LiteralString, NamedTuple

from loyalty.counting.level_table import LevelRule, LevelTable
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query
from loyalty.switches import Reward


class LevelRow(NamedTuple):
    """A level, and the numbers of all of them; one row stands for these alone (`id` None)."""

    id: int | None
    name: str
    threshold: int
    percent: int
    gift: str | None
    period_days: int
    grace_days: int
    most_rises: int
    rises_within_days: int
    set_by: int | None


_LEVEL = columns(
    LevelRow,
    "v",
    gift="v.gift::text",
    period_days="s.level_period_days",
    grace_days="s.level_grace_days",
    most_rises="s.level_most_rises",
    rises_within_days="s.level_rises_within_days",
    set_by="(SELECT max(e.id) FROM loyalty_event e WHERE e.kind = 'levels_set')",
)
_LEVELS: LiteralString = f"""
SELECT {_LEVEL.sql}
  FROM loyalty_settings s LEFT JOIN loyalty_level v ON true WHERE s.id = 1 ORDER BY v.threshold
"""  # noqa: S608  our own columns
_NO_LADDER = LevelTable()


@dataclass(frozen=True, slots=True)
class Levels:
    """The business's level table, and the gift of each level that has one.

    `numbers` are those that points are counted by: another text, and they count otherwise.
    `set_by` is the event that made the level table what it is, None before the first one.
    """

    level_table: LevelTable = _NO_LADDER
    gifts: tuple[tuple[int, Reward], ...] = ()
    numbers: str = ""
    set_by: int | None = None

    def gift(self, level_id: int) -> Reward | None:
        """What anybody who reaches this level gets."""
        return dict(self.gifts).get(level_id)


def levels_query() -> Query[LevelRow]:
    """Asks for the business's levels; `levels_of` reads the answer."""
    return Query(_LEVELS, row=_LEVEL.row)


@lru_cache(maxsize=500)
def levels_of(rows: tuple[LevelRow, ...]) -> Levels:
    """The levels of such rows, each set of them read once."""
    if not rows:
        return Levels()
    shared, found = rows[0], {row.id: row for row in rows if row.id is not None}
    if not found:
        return Levels(set_by=shared.set_by)
    level_table = LevelTable(
        tuple(
            LevelRule(number, row.name, row.threshold, row.percent) for number, row in found.items()
        ),
        timedelta(days=shared.period_days),
        timedelta(days=shared.grace_days),
        shared.most_rises,
        timedelta(days=shared.rises_within_days),
    )
    gifts = tuple(
        (number, Reward(**json.loads(row.gift))) for number, row in found.items() if row.gift
    )
    thresholds = ",".join(str(level.threshold) for level in level_table.levels)
    numbers = f"{shared.period_days}/{shared.grace_days}/{thresholds}"
    return Levels(level_table, gifts, numbers, shared.set_by)
