"""Program versions as the frozen values that rules work on."""

from typing import Any, LiteralString

from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, StampMode, Surplus
from loyalty.models import ProgramVersion

_NAMES = (
    "bonus_model",
    "mode",
    "stamp_mode",
    "threshold",
    "step",
    "minimum",
    "max_units_per_scan",
    "over_cap",
    "surplus",
)
COLUMNS: LiteralString = ", ".join(f"v.{name}" for name in _NAMES)
# Of the version in force, where a statement has both.
NEWEST: LiteralString = ", ".join(f"w.{name}" for name in _NAMES)
WIDTH = len(_NAMES)


def stored_mechanic(version: ProgramVersion) -> Mechanic:
    """The mechanic of a version's row."""
    return mechanic(tuple(getattr(version, name) for name in _NAMES))


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
