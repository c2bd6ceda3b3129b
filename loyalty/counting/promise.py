"""What a new version of a program means for cards that run (docs/rules.md#a-collect-step-by-step).

A running card keeps the promise that it started with, unless the new one is better for the
customer; otherwise it changes at its next completion.
"""

from dataclasses import replace

from loyalty.base.values import Mechanic


def is_better(new: Mechanic, old: Mechanic) -> bool:
    """True when threshold, step and minimum are no higher and all else is equal."""
    numbers = {"threshold": old.threshold, "step": old.step, "minimum": old.minimum}
    if replace(new, **numbers) != old:  # type: ignore[arg-type]  # each number in its own field
        return False
    pairs = ((new.threshold, old.threshold), (new.step, old.step), (new.minimum, old.minimum))
    return all((mine or 0) <= (theirs or 0) for mine, theirs in pairs)
