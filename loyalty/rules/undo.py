"""What a counter is when one sale had not happened (SPEC section 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.rules.completion import credit
from loyalty.values import Surplus


@dataclass(frozen=True, slots=True)
class Earned:
    """One sale that still counts, with the numbers that were in force for the card then."""

    units: int
    threshold: int
    surplus: Surplus


@dataclass(frozen=True, slots=True)
class Remaining:
    """The counter after the undo, and how many of its waiting bonuses stay."""

    open: int
    debt: int
    waiting: int


def without(history: Sequence[Earned], *, used: int, threshold: int) -> Remaining:
    """Count the sales that are left anew; bonuses that were taken already are paid back in units.

    `used` bonuses of this counter are gone; what they cost beyond the sales that are left becomes
    a debt at today's threshold, which the next units pay.
    """
    balance = completed = 0
    for sale in history:
        after = credit(
            open_units=balance,
            debt=0,
            units=sale.units,
            threshold=sale.threshold,
            surplus=sale.surplus,
        )
        balance = after.open
        completed += after.completed
    if completed >= used:
        return Remaining(balance, 0, completed - used)
    balance -= (used - completed) * threshold
    return Remaining(max(balance, 0), max(-balance, 0), 0)
