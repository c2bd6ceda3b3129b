"""Program versions as the frozen values that rules work on."""

from functools import lru_cache
from typing import LiteralString, NamedTuple

from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, StampMode, Surplus
from loyalty.db.columns import Columns, column, columns
from loyalty.models import ProgramVersion
from loyalty.switches import Switches, from_text


class MechanicRow(NamedTuple):
    """The numbers of a version as its row says them."""

    bonus_model: str
    mode: str
    stamp_mode: str
    threshold: int
    step: int | None
    minimum: int | None
    max_units_per_scan: int | None
    over_cap: str
    surplus: str


def mechanic_columns(version: LiteralString) -> Columns[Mechanic]:
    """The numbers of the version that a statement knows by this name."""
    return columns(MechanicRow, version).then(_mechanic)


def switches_columns(version: LiteralString) -> Columns[Switches]:
    """What the owner switched on in the version that a statement knows by this name."""
    return column(f"{version}.switches::text", from_text)


def stored_mechanic(version: ProgramVersion) -> Mechanic:
    """The mechanic of a version's row."""
    return _mechanic(MechanicRow(*(getattr(version, name) for name in MechanicRow._fields)))


@lru_cache(maxsize=1_000)
def _mechanic(row: MechanicRow) -> Mechanic:
    return Mechanic(
        bonus_model=BonusModel(row.bonus_model),
        mode=Mode(row.mode),
        stamp_mode=StampMode(row.stamp_mode),
        threshold=row.threshold,
        step=row.step,
        minimum=row.minimum,
        max_units_per_scan=row.max_units_per_scan,
        over_cap=OverCap(row.over_cap),
        surplus=Surplus(row.surplus),
    )
