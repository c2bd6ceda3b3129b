"""What sales would have counted if one scan gave any number of units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from loyalty.base.errors import Refused
from loyalty.base.values import Mechanic, OverCap, Sale, StampMode
from loyalty.counting.sale_size import MOST_CARDS
from loyalty.counting.sale_units import ProgramRules, TappedSale, count_units
from loyalty.counting.units import Menu
from loyalty.history.entered import Lines, lines_of, menus_of
from loyalty.models import EarnSession, ProgramVersion
from loyalty.programs.mechanics import stored_mechanic
from loyalty.switches import from_stored


@dataclass(frozen=True, slots=True)
class UntrimmedSale:
    """A session, the version whose numbers counted it, and the units that they gave."""

    session: EarnSession
    version: ProgramVersion
    units: int


def untrimmed_sales(counted: Sequence[UntrimmedSale]) -> dict[int, int]:
    """The units before the scan's ceilings, by session, of those that one of them trimmed.

    One is the program's; the other is that a scan fills so many cards by a card's kinder promise.
    """
    capped = [each for each in counted if _may_be_trimmed(each)]
    menus = menus_of({each.session.program_id for each in capped})
    by_line = [each for each in capped if each.version.stamp_mode == StampMode.PER_LINE_ITEM]
    lines = lines_of({each.session.pk: each.session.created_at for each in by_line})
    found = {}
    for each in capped:
        number, goods = each.session.pk, menus[each.session.program_id].items
        units = _untrimmed(each, lines.get(number, ()), goods)
        if units > each.units:
            found[number] = units
    return found


def untrimmed_sales_for(units: Mapping[int, int]) -> dict[int, int]:
    """The same of collected sessions, given the units that each gave to its card."""
    rows = EarnSession.objects.select_related("version", "judged_by", "location").filter(
        Q(version__max_units_per_scan__isnull=False)
        | Q(judged_by__max_units_per_scan__isnull=False)
        | Q(pk__in=[number for number, count in units.items() if count >= MOST_CARDS]),
        pk__in=units,
    )
    return untrimmed_sales([_collected(session, units[session.pk]) for session in rows])


def _collected(session: EarnSession, units: int) -> UntrimmedSale:
    # Where the card's promise gave more than the tap said, its numbers counted.
    kept = session.judged_by if units != session.units else None
    return UntrimmedSale(session, kept or session.version, units)


def _may_be_trimmed(counted: UntrimmedSale) -> bool:
    mechanic = stored_mechanic(counted.version)
    fills_most = counted.units >= MOST_CARDS * mechanic.threshold
    return fills_most or _trims(mechanic)


def _trims(mechanic: Mechanic) -> bool:
    return mechanic.max_units_per_scan is not None and mechanic.over_cap is OverCap.TRIM


def _untrimmed(counted: UntrimmedSale, lines: Lines, goods: Menu) -> int:
    session, mechanic = counted.session, stored_mechanic(counted.version)
    sale = Sale(
        quantity=session.quantity,
        amount=session.amount,
        product_id=session.product_id,
        lines=lines,
    )
    zone = session.policy.get("zone") or session.location.time_zone
    tapped = TappedSale(sale, session.created_at, zone)
    rules = ProgramRules(
        replace(mechanic, max_units_per_scan=None), from_stored(counted.version.switches)
    )
    try:
        return count_units(rules, tapped, goods).total
    except Refused:
        # A product left the menu since: what it would have counted is not known any more.
        return 0
