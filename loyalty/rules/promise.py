"""What a new version of a program means for cards that run (SPEC section 3).

A running card keeps the promise that it started with, unless the new one is better for the
customer; otherwise it changes at its next completion.
"""

from dataclasses import replace

from loyalty.switches import Switches
from loyalty.values import Mechanic


def is_better(new: Mechanic, old: Mechanic) -> bool:
    """True when threshold, step and minimum are no higher and all else is equal."""
    numbers = {"threshold": old.threshold, "step": old.step, "minimum": old.minimum}
    if replace(new, **numbers) != old:  # type: ignore[arg-type]  # each number in its own field
        return False
    pairs = ((new.threshold, old.threshold), (new.step, old.step), (new.minimum, old.minimum))
    return all((mine or 0) <= (theirs or 0) for mine, theirs in pairs)


def is_as_good(new: Switches, old: Switches) -> bool:
    """True when the customer loses nothing that was on, and no new limit comes in.

    What is switched on besides (a streak, a birthday, a welcome, points) is a gain.
    """
    kept = (
        (new.card, old.card),
        (new.streak, old.streak),
        (new.birthday, old.birthday),
        (new.welcome, old.welcome),
    )
    gives = all(before is None or now == before for now, before in kept[1:])
    limits = (
        new.units_expire_after == old.units_expire_after
        and new.bonus_valid_days == old.bonus_valid_days
        and new.daily_cap == old.daily_cap
    )
    return kept[0][0] == kept[0][1] and gives and limits and new.points >= old.points
