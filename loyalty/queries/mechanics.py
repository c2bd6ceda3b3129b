"""Program versions as the frozen values that rules work on."""

from typing import Any, LiteralString

from loyalty.values import BonusModel, Mechanic, Mode, OverCap, StampMode, Surplus

COLUMNS: LiteralString = (
    "v.bonus_model, v.mode, v.stamp_mode, v.threshold, v.step, v.minimum,"
    " v.max_units_per_scan, v.over_cap, v.surplus"
)
WIDTH = 9


def mechanic(found: tuple[Any, ...]) -> Mechanic:
    """The mechanic in the first columns of a row that selected COLUMNS."""
    model, mode, stamp_mode, threshold, step, minimum, cap, over_cap, surplus = found[:WIDTH]
    return Mechanic(
        bonus_model=BonusModel(model),
        mode=Mode(mode),
        stamp_mode=StampMode(stamp_mode),
        threshold=threshold,
        step=step,
        minimum=minimum,
        max_units_per_scan=cap,
        over_cap=OverCap(over_cap),
        surplus=Surplus(surplus),
    )
