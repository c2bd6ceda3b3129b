"""What a rise becomes that a manager approved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from loyalty.rules.levels import Climb, Given, Ladder, Standing, earned_rung, held_rung


def trusted_rise(
    standing: Standing, given: Sequence[Given], ladder: Ladder, *, at: datetime
) -> Climb:
    """The standing with what the points are worth, held no longer; nothing is added to them.

    Rises up to now are trusted: they are neither held nor counted against later ones.
    """
    before = held_rung(standing, given, ladder, at=at)
    after = earned_rung(given, ladder, at=at)
    free = replace(standing, held_at=None, trusted_at=at, rung=after)
    if after <= before:
        return Climb(0, free)
    return Climb(0, replace(free, rises=(*standing.rises, at)), reached=ladder.rungs[before:after])
