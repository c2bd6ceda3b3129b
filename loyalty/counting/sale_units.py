"""How many units a sale is worth: by the version on its code, and on a card that keeps another.

The tap, the card's promise, an import, an explanation and the proof all count here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from loyalty.base.errors import Refused
from loyalty.base.values import Mechanic, Sale, StampMode
from loyalty.counting import units
from loyalty.counting.sale_size import check_cards, within_promise
from loyalty.counting.units import Menu
from loyalty.switches import NONE, Switches

ByCounter = Mapping[int | None, int]


@dataclass(frozen=True, slots=True)
class ProgramRules:
    """The numbers of a program's version, and what its owner switched on in it."""

    mechanic: Mechanic
    switches: Switches = NONE


@dataclass(frozen=True, slots=True)
class TappedSale:
    """What staff entered, the moment of the tap (UTC), and the time zone of its location."""

    sale: Sale
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class SaleUnits:
    """The units of a sale by counter; `counted` is their sum before the scan's ceiling."""

    by_counter: ByCounter
    counted: int

    @property
    def total(self) -> int:
        """All units together."""
        return sum(self.by_counter.values())

    @property
    def snapshot(self) -> dict[str, int]:
        """What the session keeps of its count, for who asks later why it gives what it gives."""
        return {"counted": self.counted} if self.counted > self.total else {}


def tapped_units(rules: ProgramRules, tapped: TappedSale, menu: Menu) -> SaleUnits:
    """The units that stand on the code; raises what the sale is refused for (`units.earned`).

    Also ScanCap for a sale that fills more than MOST_CARDS cards by itself.
    """
    found = count_units(rules, tapped, menu)
    check_cards(rules.mechanic, units.each(found.by_counter))
    return found


def count_units(rules: ProgramRules, tapped: TappedSale, menu: Menu) -> SaleUnits:
    """The same for numbers that need not stand on a code: a card's promise, a count of the past."""
    counted = units.counted(rules.mechanic, tapped.sale, menu)
    given = units.within_ceiling(rules.mechanic, counted, units.ranks_of(menu))
    return SaleUnits(given, sum(counted.values()))


def promised_units(own: ByCounter, tapped: TappedSale, promise: ProgramRules) -> ByCounter:
    """What a card's promise counts, and never less than its `own` units that the code says."""
    mechanic = promise.mechanic
    # What is counted piece by piece counts alike under all versions that a card may keep.
    if mechanic.is_matched or mechanic.stamp_mode is StampMode.PER_LINE_ITEM:
        return own
    try:
        again = count_units(promise, tapped, {}).total
    except Refused:
        return own
    return {None: max(again, own.get(None, 0))}


def credited_units(
    own: ByCounter,
    promised: ByCounter,
    *,
    minted: Mechanic,
    promise: Mechanic,
    ranks: Mapping[int | None, int] = MappingProxyType({}),
) -> ByCounter:
    """The units that a card gets which promised other numbers than those the code was `minted` by.

    `own` are the code's units by counter, `ranks` those of the counters' tiers: what is worth most
    comes first, as far as one scan may fill cards.
    """
    worthiest = sorted(promised, key=lambda tier: ranks.get(tier, 0), reverse=True)
    counted = {tier: promised[tier] for tier in worthiest}
    return within_promise(promise, counted, own=own, minted=minted)
