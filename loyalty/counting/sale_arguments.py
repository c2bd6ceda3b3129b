"""What staff enter for a sale: a value that the program does not count is refused."""

from loyalty.base.errors import InvalidInput, ProductUnavailable
from loyalty.base.values import BonusModel, Mechanic, Sale, StampMode
from loyalty.counting.units import Menu

_WITH_PRODUCT = {StampMode.PER_VISIT, StampMode.PER_CART_QTY}


def check_arguments(mechanic: Mechanic, typed: Sale, menu: Menu) -> None:
    """Raise InvalidInput, which says what the program `takes`, or ProductUnavailable.

    `typed` is what staff entered, without what a preset fixes. A product that is the program's own
    may be said wherever one unit is one visit or one piece, and a quantity of 1 for one visit. The
    receipt's total may always be noted: it is kept with the sale.
    """
    taken = _taken(mechanic)
    allowed = {*taken, "amount"}
    if mechanic.stamp_mode in _WITH_PRODUCT:
        allowed.add("productId")
    if mechanic.stamp_mode is StampMode.PER_VISIT and typed.quantity == 1:
        allowed.add("quantity")
    given = {
        "amount": typed.amount is not None,
        "quantity": typed.quantity is not None,
        "productId": typed.product_id is not None,
        "lines": bool(typed.lines),
    }
    for field, is_given in given.items():
        if is_given and field not in allowed:
            takes = ", ".join(taken) or "nothing"
            raise InvalidInput(details={"field": field, "reason": "unsuitable", "takes": takes})
    if typed.product_id is not None and typed.product_id not in menu:
        raise ProductUnavailable


def _taken(mechanic: Mechanic) -> list[str]:
    # In the order in which a person says it: the receipt, then what is on it.
    is_money = mechanic.stamp_mode is StampMode.PER_AMOUNT
    taken = ["amount"] if is_money or mechanic.bonus_model is BonusModel.QUALIFIED_VISIT else []
    if mechanic.stamp_mode is StampMode.PER_CART_QTY:
        taken.append("quantity")
    if mechanic.stamp_mode is StampMode.PER_LINE_ITEM:
        taken.append("lines")
    elif mechanic.is_matched:
        taken.append("productId")
    return taken
