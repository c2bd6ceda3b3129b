"""How many units a sale earns by itself (docs/rules.md#a-sale)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from loyalty.base.errors import (
    BelowMinimum,
    InvalidInput,
    NothingToEarn,
    ProductRequired,
    ProductUnavailable,
    ScanCap,
)
from loyalty.base.values import BonusModel, Mechanic, MenuItem, OverCap, Sale, StampMode, Units

LARGEST = 2**53 - 1
LARGEST_QUANTITY = 2**31 - 1  # what the sale's row can hold
Menu = Mapping[int, MenuItem]


def menu(items: Iterable[MenuItem]) -> Menu:
    """The products of a program by their number."""
    return {item.product_id: item for item in items}


def missing_for_minimum(mechanic: Mechanic, sale: Sale) -> int:
    """Minor units that the receipt lacks before the visit qualifies; 0 when nothing is missing."""
    if mechanic.bonus_model is not BonusModel.QUALIFIED_VISIT:
        return 0
    return max(0, (mechanic.minimum or 0) - _amount(sale))


def earned(mechanic: Mechanic, sale: Sale, menu: Menu) -> tuple[Units, ...]:
    """The units of this sale after the scan's ceiling, one entry for each counter they go to.

    Raises BelowMinimum, NothingToEarn, ScanCap, ProductRequired, ProductUnavailable, or
    InvalidInput when a count or amount is missing or out of range.
    """
    return each(within_ceiling(mechanic, counted(mechanic, sale, menu), ranks_of(menu)))


def counted(mechanic: Mechanic, sale: Sale, menu: Menu) -> dict[int | None, int]:
    """The units of a sale that earns some by counter, before the scan's ceiling.

    Raises what `earned` does, but ScanCap.
    """
    for field, value in (("quantity", sale.quantity), ("amount", sale.amount)):
        if value is not None:
            _in_range(field, value)
    if missing := missing_for_minimum(mechanic, sale):
        raise BelowMinimum(details={"missing": missing})
    found = _counted(mechanic, sale, menu)
    if sum(found.values()) <= 0:
        raise NothingToEarn
    return found


def within_ceiling(
    mechanic: Mechanic, counted: Mapping[int | None, int], ranks: Mapping[int | None, int]
) -> Mapping[int | None, int]:
    """What one scan gives of these units: those of the worthiest tiers first; raises ScanCap."""
    limit = mechanic.max_units_per_scan
    if limit is None or sum(counted.values()) <= limit:
        return counted
    if mechanic.over_cap is OverCap.REFUSE:
        raise ScanCap(details={"limit": limit})
    # What is worth most to the customer is kept: the units of the highest tier first.
    kept: Counter[int | None] = Counter()
    for tier in sorted(counted, key=lambda each: ranks.get(each, 0), reverse=True):
        kept[tier] = min(counted[tier], limit - sum(kept.values()))
    return +kept


def ranks_of(menu: Menu) -> dict[int | None, int]:
    """How much the tiers of a menu are worth: a higher rank is worth more."""
    return {item.tier_id: item.rank for item in menu.values()}


def total(units: Sequence[Units]) -> int:
    """All units together."""
    return sum(each.count for each in units)


def each(by_counter: Mapping[int | None, int]) -> tuple[Units, ...]:
    """The units of each counter, in one order whatever they were counted from."""
    return tuple(Units(tier, count) for tier, count in sorted(by_counter.items(), key=str))


def _counted(mechanic: Mechanic, sale: Sale, menu: Menu) -> dict[int | None, int]:
    match mechanic.bonus_model, mechanic.stamp_mode:
        case BonusModel.AMOUNT_STEP, _:
            return {None: _amount(sale) // (mechanic.step or 1)}
        case BonusModel.CUMULATIVE_SPEND, _:
            return {None: _amount(sale)}
        case _, StampMode.PER_LINE_ITEM:
            return _by_line(mechanic, sale, menu)
        case _, StampMode.PER_CART_QTY:
            return {_tier(mechanic, sale, menu): _in_range("quantity", sale.quantity)}
        case _:
            return {_tier(mechanic, sale, menu): 1}


def _by_line(mechanic: Mechanic, sale: Sale, menu: Menu) -> Counter[int | None]:
    if not sale.lines:
        raise InvalidInput(details={"field": "lines", "reason": "missing"})
    counted: Counter[int | None] = Counter()
    for number, line in enumerate(sale.lines):
        quantity = _in_range(f"lines[{number}].quantity", line.quantity, least=1)
        # Only products of the program count; the rest of the receipt is none of its business.
        if item := menu.get(line.product_id):
            counted[item.tier_id if mechanic.is_matched else None] += quantity
    if not counted:
        raise ProductUnavailable(details={"what": "lines"})
    if sum(counted.values()) > LARGEST:
        raise InvalidInput(details={"field": "lines", "reason": "range"})
    return counted


def _tier(mechanic: Mechanic, sale: Sale, menu: Menu) -> int | None:
    if not mechanic.is_matched:
        return None
    if sale.product_id is None:
        raise ProductRequired
    if sale.product_id not in menu:
        raise ProductUnavailable
    return menu[sale.product_id].tier_id


def _amount(sale: Sale) -> int:
    return _in_range("amount", sale.amount)


def _in_range(field: str, value: int | None, *, least: int = 0) -> int:
    largest = LARGEST if field == "amount" else LARGEST_QUANTITY
    if value is None:
        raise InvalidInput(details={"field": field, "reason": "missing"})
    if not least <= value <= largest:
        raise InvalidInput(details={"field": field, "reason": "range"})
    return value
