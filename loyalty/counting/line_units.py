"""How many units a line of another system's table is worth: the program's rules without caps."""

from dataclasses import dataclass, replace

from loyalty.base.errors import BelowMinimum, NothingToEarn
from loyalty.base.values import BonusModel, Mechanic, Sale, StampMode, Units
from loyalty.counting.completion import completed_alone
from loyalty.counting.units import earned, total


@dataclass(frozen=True, slots=True)
class LineCounting:
    """The mechanic as lines with, or without, amounts and counts are counted by it."""

    mechanic: Mechanic

    def units(self, *, amount: int | None, units: int | None) -> int:
        """The units of one line: 0 for a visit that brings none, a zero amount always."""
        if amount == 0 or units == 0:
            return 0
        try:
            return total(earned(self.mechanic, Sale(quantity=units, amount=amount), {}))
        except (BelowMinimum, NothingToEarn):
            return 0

    def fills_more_than(self, cards: int, units: int) -> bool:
        """Whether so many units fill more cards than that on their own."""
        if units <= cards * self.mechanic.threshold:
            return False
        return completed_alone(self.mechanic, [Units(None, units)]) > cards


def counted_by(mechanic: Mechanic, *, has_amounts: bool, has_units: bool) -> LineCounting:
    """How a program with these numbers counts such a table.

    Where there are counts and no amounts, the counts are the units; without either, each line is
    one unit.
    """
    model = mechanic.bonus_model
    if not has_amounts and model is not BonusModel.CUMULATIVE_SPEND:
        model = BonusModel.STAMP_COUNT
    plain = replace(mechanic, bonus_model=model, max_units_per_scan=None)
    if model in {BonusModel.STAMP_COUNT, BonusModel.QUALIFIED_VISIT}:
        mode = StampMode.PER_CART_QTY if has_units else StampMode.PER_VISIT
        return LineCounting(replace(plain, stamp_mode=mode))
    return LineCounting(plain)
