"""What a rise becomes that a manager approved."""

from dataclasses import replace
from datetime import datetime

from loyalty.counting.activity import Activity, rung_of
from loyalty.counting.level_table import Ladder
from loyalty.counting.levels import Climb, Standing, held_rung


def trusted_rise(standing: Standing, activity: Activity, ladder: Ladder, *, at: datetime) -> Climb:
    """The standing with what the points are worth at `at`, held no longer; nothing is added.

    Rises up to now are trusted: they are neither held nor counted against later ones.
    """
    before, after = held_rung(standing, activity, ladder), rung_of(activity, ladder)
    free = replace(standing, held_at=None, trusted_at=at, rung=after)
    if after <= before:
        return Climb(0, free)
    return Climb(0, replace(free, rises=(*standing.rises, at)), reached=ladder.rungs[before:after])
