"""What a rise becomes that a manager approved."""

from dataclasses import replace
from datetime import datetime

from loyalty.counting.activity import Activity, level_index_reached
from loyalty.counting.level_table import LevelTable
from loyalty.counting.levels import LevelChange, LevelStatus, level_index_now


def approved_rise(
    level_status: LevelStatus, activity: Activity, level_table: LevelTable, *, at: datetime
) -> LevelChange:
    """The standing with what the points are worth at `at`, held no longer; nothing is added.

    Rises up to now are trusted: they are neither held nor counted against later ones.
    """
    before, after = (
        level_index_now(level_status, activity, level_table),
        level_index_reached(activity, level_table),
    )
    free = replace(level_status, held_at=None, approved_at=at, level_index=after)
    if after <= before:
        return LevelChange(0, free)
    return LevelChange(
        0, replace(free, rises=(*level_status.rises, at)), reached=level_table.levels[before:after]
    )
