"""What sales would have counted if one scan gave any number of units."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from loyalty.base.errors import Refused
from loyalty.base.events import EventKind
from loyalty.base.values import Mechanic, MenuItem, OverCap, Sale, SaleLine, StampMode
from loyalty.counting.sale_size import MOST_CARDS
from loyalty.counting.units import Menu, earned, menu, total
from loyalty.models import EarnSession, Event, Product, ProgramVersion
from loyalty.programs.mechanics import stored_mechanic

_Lines = tuple[SaleLine, ...]


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
    menus = _menus({each.session.program_id for each in capped})
    lines = _lines([each for each in capped if each.version.stamp_mode == StampMode.PER_LINE_ITEM])
    found = {}
    for each in capped:
        number, goods = each.session.pk, menus.get(each.session.program_id, {})
        units = _untrimmed(each, lines.get(number, ()), goods)
        if units > each.units:
            found[number] = units
    return found


def untrimmed_sales_for(units: Mapping[int, int]) -> dict[int, int]:
    """The same of collected sessions, given the units that each gave to its card."""
    rows = EarnSession.objects.select_related("version", "judged_by").filter(
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


def _untrimmed(counted: UntrimmedSale, lines: _Lines, goods: Menu) -> int:
    session, mechanic = counted.session, stored_mechanic(counted.version)
    sale = Sale(
        quantity=session.quantity,
        amount=session.amount,
        product_id=session.product_id,
        lines=lines,
    )
    try:
        return total(earned(replace(mechanic, max_units_per_scan=None), sale, goods))
    except Refused:
        # A product left the menu since: what it would have counted is not known any more.
        return 0


def _lines(counted: Sequence[UntrimmedSale]) -> dict[int, _Lines]:
    minted = Event.objects.filter(
        kind=EventKind.MINTED,
        # The log is found by time, not by what was minted.
        at__in=[each.session.created_at for each in counted],
        session_id__in=[each.session.pk for each in counted],
    )
    return {
        event.session_id or 0: tuple(SaleLine(**line) for line in event.details.get("lines") or ())
        for event in minted
        if event.details
    }


def _menus(programs: Collection[int]) -> dict[int, Menu]:
    items: dict[int, list[MenuItem]] = defaultdict(list)
    for product in Product.objects.filter(program__in=programs).select_related("tier"):
        rank = product.tier.rank if product.tier else 0
        items[product.program_id].append(MenuItem(product.pk, product.tier_id, rank))
    return {program: menu(found) for program, found in items.items()}
