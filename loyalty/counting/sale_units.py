"""How many units a sale is worth: by the version on its code, and on a card that keeps another.

The tap, the card's promise, an import, an explanation and the proof all count here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from loyalty.base.errors import Refused
from loyalty.base.values import Mechanic, Sale, StampMode
from loyalty.counting import units
from loyalty.counting.sale_size import check_cards, within_promise
from loyalty.counting.units import Menu
from loyalty.switches import NONE, Switches

ByCounter = Mapping[int | None, int]
Ranks = Mapping[int | None, int]


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
    """The units of a sale by counter; `counted` is their sum before the scan's ceiling.

    Each unit counted so many `times`, as was decided in this time `zone` (None: by no clock).
    """

    by_counter: ByCounter
    counted: int
    times: int = 1
    zone: str | None = None

    @property
    def total(self) -> int:
        """All units together."""
        return sum(self.by_counter.values())

    @property
    def snapshot(self) -> dict[str, int | str]:
        """What the session keeps of its count, for who asks later why it gives what it gives."""
        kept: dict[str, int | str] = {}
        if self.counted > self.total:
            kept["counted"] = self.counted
        if self.times > 1:
            kept["times"] = self.times
        if self.zone is not None:
            kept["zone"] = self.zone
        return kept


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
    return _within_ceiling(rules, tapped, counted, units.ranks_of(menu))


def promised_units(
    own: SaleUnits, tapped: TappedSale, promise: ProgramRules, ranks: Ranks
) -> SaleUnits:
    """What a card's promise counts, and never less than its `own` units that the code says.

    `ranks` are those of the counters' tiers: what is worth most comes first.
    """
    mechanic = promise.mechanic
    try:
        if mechanic.is_matched or mechanic.stamp_mode is StampMode.PER_LINE_ITEM:
            # Piece by piece all versions that a card may keep count alike, but for the hour.
            pieces = {tier: count // own.times for tier, count in own.by_counter.items()}
            again = _within_ceiling(promise, tapped, pieces, ranks)
        else:
            again = count_units(promise, tapped, {})
    except Refused:
        return own
    return again if again.total > own.total else own


def credited_units(
    own: SaleUnits,
    promised: SaleUnits,
    *,
    minted: Mechanic,
    promise: Mechanic,
    ranks: Ranks = MappingProxyType({}),
) -> SaleUnits:
    """The units that a card gets which promised other numbers than those the code was `minted` by.

    `own` are the code's units: the card gets what its promise counts as far as one scan may fill
    cards.
    """
    worthiest = sorted(promised.by_counter, key=lambda tier: ranks.get(tier, 0), reverse=True)
    counted = {tier: promised.by_counter[tier] for tier in worthiest}
    given = within_promise(promise, counted, own=own.by_counter, minted=minted)
    return replace(promised, by_counter=given)


def _within_ceiling(
    rules: ProgramRules, tapped: TappedSale, counted: ByCounter, ranks: Ranks
) -> SaleUnits:
    happy = rules.switches.happy_hour
    if happy is None:
        given = units.within_ceiling(rules.mechanic, counted, ranks)
        return SaleUnits(given, sum(counted.values()))
    times = happy.times_at(tapped.at, zone=tapped.zone)
    # The ceiling holds for what the hour makes of the sale.
    many = {tier: count * times for tier, count in counted.items()}
    given = units.within_ceiling(rules.mechanic, many, ranks)
    return SaleUnits(given, sum(many.values()), times, tapped.zone)
