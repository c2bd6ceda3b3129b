"""Lines of a history earn what a sale earns, without caps; a zero amount earns nothing."""

import pytest

from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, StampMode, Surplus
from loyalty.counting.line_units import counted_by

_STAMP, _STEP = BonusModel.STAMP_COUNT, BonusModel.AMOUNT_STEP
_MONEY, _MINIMUM = BonusModel.CUMULATIVE_SPEND, BonusModel.QUALIFIED_VISIT


@pytest.mark.parametrize(
    ("model", "stamp_mode", "amount", "units", "earned"),
    [
        (_STAMP, StampMode.PER_VISIT, None, None, 1),
        (_STAMP, StampMode.PER_VISIT, 700, None, 1),
        (_STAMP, StampMode.PER_VISIT, 0, None, 0),
        (_STAMP, StampMode.PER_VISIT, None, 4, 4),
        (_STAMP, StampMode.PER_CART_QTY, None, None, 1),
        (_STAMP, StampMode.PER_LINE_ITEM, 700, 9, 9),
        (_STAMP, StampMode.PER_CART_QTY, 700, 0, 0),
        (_STEP, StampMode.PER_AMOUNT, 1250, None, 2),
        (_STEP, StampMode.PER_AMOUNT, 499, None, 0),
        (_STEP, StampMode.PER_AMOUNT, None, 9, 9),
        (_MONEY, StampMode.PER_AMOUNT, 1250, None, 1250),
        (_MONEY, StampMode.PER_AMOUNT, 0, None, 0),
        (_MINIMUM, StampMode.PER_VISIT, 500, None, 1),
        (_MINIMUM, StampMode.PER_VISIT, 499, None, 0),
        (_MINIMUM, StampMode.PER_VISIT, None, 3, 3),
        (_MINIMUM, StampMode.PER_CART_QTY, 500, 7, 7),
        (_MINIMUM, StampMode.PER_LINE_ITEM, 499, 7, 0),
    ],
)
def test_a_line_earns(
    model: BonusModel, stamp_mode: StampMode, amount: int | None, units: int | None, earned: int
) -> None:
    mechanic = Mechanic(
        model,
        Mode.SIMPLE,
        stamp_mode,
        threshold=10,
        step=500 if model is _STEP else None,
        minimum=500 if model is _MINIMUM else None,
        max_units_per_scan=2,
        over_cap=OverCap.REFUSE,
    )
    has = {"has_amounts": amount is not None, "has_units": units is not None}
    assert counted_by(mechanic, **has).units(amount=amount, units=units) == earned


def test_a_typing_mistake_fills_too_many_cards() -> None:
    stamps = Mechanic(_STAMP, Mode.SIMPLE, StampMode.PER_VISIT, threshold=10)
    counted = counted_by(stamps, has_amounts=False, has_units=True)
    assert not counted.fills_more_than(100, 1_009)
    assert counted.fills_more_than(100, 1_010)
    money = Mechanic(
        _MONEY, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=10, surplus=Surplus.FORFEIT
    )
    assert not counted_by(money, has_amounts=True, has_units=False).fills_more_than(100, 10**9)
