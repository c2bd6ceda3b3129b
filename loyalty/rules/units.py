"""How many units a sale earns by itself (SPEC section 3)."""

from loyalty.errors import BelowMinimum, InvalidInput, NothingToEarn, ScanCap
from loyalty.values import BonusModel, Mechanic, OverCap, Sale, StampMode

LARGEST = 2**53 - 1
LARGEST_QUANTITY = 2**31 - 1  # what the sale's row can hold


def missing_for_minimum(mechanic: Mechanic, sale: Sale) -> int:
    """Minor units that the receipt lacks before the visit qualifies; 0 when nothing is missing."""
    if mechanic.bonus_model is not BonusModel.QUALIFIED_VISIT:
        return 0
    return max(0, (mechanic.minimum or 0) - _amount(sale))


def earned(mechanic: Mechanic, sale: Sale) -> int:
    """The units of this sale after the scan's ceiling.

    Raises BelowMinimum, NothingToEarn, ScanCap, or InvalidInput when count or amount is missing.
    """
    for field, value in (("quantity", sale.quantity), ("amount", sale.amount)):
        if value is not None:
            _in_range(field, value)
    if missing := missing_for_minimum(mechanic, sale):
        raise BelowMinimum(details={"missing": missing})
    units = _counted(mechanic, sale)
    if units <= 0:
        raise NothingToEarn
    limit = mechanic.max_units_per_scan
    if limit is None or units <= limit:
        return units
    if mechanic.over_cap is OverCap.REFUSE:
        raise ScanCap(details={"limit": limit})
    return limit


def _counted(mechanic: Mechanic, sale: Sale) -> int:
    match mechanic.bonus_model, mechanic.stamp_mode:
        case BonusModel.AMOUNT_STEP, _:
            return _amount(sale) // (mechanic.step or 1)
        case BonusModel.CUMULATIVE_SPEND, _:
            return _amount(sale)
        case _, StampMode.PER_VISIT:
            return 1
        case _:
            return _in_range("quantity", sale.quantity)


def _amount(sale: Sale) -> int:
    return _in_range("amount", sale.amount)


def _in_range(field: str, value: int | None) -> int:
    largest = LARGEST if field == "amount" else LARGEST_QUANTITY
    if value is None or not 0 <= value <= largest:
        raise InvalidInput(details={"field": field})
    return value
