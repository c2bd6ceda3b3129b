"""Every sale counted from what was entered, against its code and against the ledger.

The rest of the proof starts from the entries `earn`; this is where they are looked at themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from loyalty.base.errors import Refused
from loyalty.base.values import Mechanic, Sale, StampMode
from loyalty.books.books import BookFault
from loyalty.counting.line_units import LineCounting, counted_by
from loyalty.counting.sale_units import (
    ProgramRules,
    SaleUnits,
    TappedSale,
    count_units,
    credited_units,
    promised_units,
)
from loyalty.history.entered import Lines, PastMenu, lines_of, menus_of
from loyalty.history.rows import CollectedSale, PastRows


class EnteredSales:
    """What was entered for all sales of a batch of customers, each kind of thing read once."""

    def __init__(self, found: Iterable[PastRows]) -> None:
        self._lines: Mapping[int, Lines] = {}
        self._menus: Mapping[int, PastMenu] = {}
        by_line, programs = {}, set()
        for rows in found:
            for sale in rows.sales:
                mechanic = rows.shared.rules[sale.minted_by_id].mechanic
                if mechanic.stamp_mode is StampMode.PER_LINE_ITEM:
                    by_line[sale.id] = sale.created_at
                if mechanic.is_matched or mechanic.stamp_mode is StampMode.PER_LINE_ITEM:
                    programs.add(sale.program_id)
        if programs:
            self._menus = menus_of(programs)
        if by_line:
            self._lines = lines_of(by_line)

    def tapped(self, sale: CollectedSale, *, zone: str) -> TappedSale:
        """The sale as staff entered it."""
        lines = self._lines.get(sale.id, ())
        entered = Sale(sale.quantity, sale.amount, sale.product_id, lines)
        return TappedSale(entered, sale.created_at, zone)

    def menu(self, sale: CollectedSale) -> PastMenu:
        """The menu of its program; an empty one where none is needed."""
        return self._menus.get(sale.program_id, _NO_MENU)


_NO_MENU = PastMenu({}, frozenset(), {})


def wrong_units(rows: PastRows, entered: EnteredSales) -> Iterator[BookFault]:
    """Where a code's units, or the entries of its collect, are not what the sale is worth."""
    for sale in rows.sales:
        # The zone that decided at the tap; the place may have moved to another one since.
        zone = sale.zone or rows.shared.places[sale.location_id].zone
        tapped = entered.tapped(sale, zone=zone)
        code, menu = sale.per_counter, entered.menu(sale)
        counted = _code_units(sale, rows, tapped, menu)
        if counted is not None and counted.by_counter != code:
            what = "a code's units differ from its sale"
            yield BookFault(what, sale.id, sum(code.values()), counted.total)
        right = _card_units(sale, rows, tapped, menu)
        given = rows.units.get(sale.id, {})
        if given != {tier: count for tier, count in right.by_counter.items() if count}:
            what = "a card's units differ from what the sale is worth"
            yield BookFault(what, sale.id, sum(given.values()), right.total)


def _code_units(
    sale: CollectedSale, rows: PastRows, tapped: TappedSale, menu: PastMenu
) -> SaleUnits | None:
    # None where it cannot be known any more: a product of the receipt has left the menu, which
    # may have been before or after the tap.
    rules = rows.shared.rules[sale.minted_by_id]
    if sale.import_key is not None:
        return _line_units(sale, rules.mechanic)
    if any(line.product_id in menu.archived for line in tapped.sale.lines):
        return None
    try:
        return count_units(ProgramRules(rules.mechanic, rules.switches), tapped, menu.items)
    except Refused:
        return SaleUnits({}, 0)


def _card_units(
    sale: CollectedSale, rows: PastRows, tapped: TappedSale, menu: PastMenu
) -> SaleUnits:
    code = SaleUnits(sale.per_counter, sale.units, int(sale.times or 1))
    if sale.version_id == sale.minted_by_id:
        return code
    minted = rows.shared.rules[sale.minted_by_id].mechanic
    promise = rows.shared.rules[sale.version_id]
    rules = ProgramRules(promise.mechanic, promise.switches)
    if sale.import_key is None:
        promised = promised_units(code, tapped, rules, menu.ranks)
    else:
        again = _line_units(sale, promise.mechanic)
        promised = again if again.total > code.total else code
    return credited_units(code, promised, minted=minted, promise=promise.mechanic, ranks=menu.ranks)


def _line_units(sale: CollectedSale, mechanic: Mechanic) -> SaleUnits:
    counting = _line_counting(mechanic, sale.amount is not None, sale.quantity is not None)
    units = counting.units(amount=sale.amount, units=sale.quantity)
    return SaleUnits({None: units}, units)


@lru_cache(maxsize=1_000)
def _line_counting(mechanic: Mechanic, has_amounts: bool, has_units: bool) -> LineCounting:  # noqa: FBT001  lru_cache tells calls apart by their positions
    return counted_by(mechanic, has_amounts=has_amounts, has_units=has_units)
