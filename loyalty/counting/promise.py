"""What a new version of a program means for cards that run (docs/rules.md#configurations).

A running card keeps the promise that it started with, unless the new one is better for the
customer; otherwise it changes at its next completion.
"""

from dataclasses import replace

from loyalty.base.values import Mechanic
from loyalty.switches.switches import BirthdayRule, Reward, StreakRule, Switches

Offer = Reward | StreakRule | BirthdayRule | None


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
    gives = all(
        old_one is None or _bare(new_one) == _bare(old_one)
        for new_one, old_one in (
            (new.streak, old.streak),
            (new.birthday, old.birthday),
            (new.welcome, old.welcome),
        )
    )
    limits = (
        new.units_expire_after == old.units_expire_after
        and new.bonus_valid_days == old.bonus_valid_days
        and new.daily_cap == old.daily_cap
    )
    return _bare(new.card) == _bare(old.card) and gives and limits and new.points >= old.points


def _bare(offer: Offer) -> Offer:
    # The same product under a new name or at a new price is the same gift.
    match offer:
        case None:
            return None
        case Reward():
            return replace(offer, title="", worth=0)
        case _:
            return replace(offer, gift=replace(offer.gift, title="", worth=0))
