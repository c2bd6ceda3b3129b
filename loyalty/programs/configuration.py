"""The one table of valid configurations and the ten variants offered by name.

Only the counts are public knowledge; the names and the list are our reconstruction.
"""

from loyalty.base.errors import ConfigurationInvalid
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode

_COUNTING = frozenset({StampMode.PER_VISIT, StampMode.PER_CART_QTY, StampMode.PER_LINE_ITEM})
_MONEY = frozenset({StampMode.PER_AMOUNT})

VALID_STAMP_MODES: dict[BonusModel, frozenset[StampMode]] = {
    BonusModel.STAMP_COUNT: _COUNTING,
    BonusModel.QUALIFIED_VISIT: _COUNTING,
    BonusModel.AMOUNT_STEP: _MONEY,
    BonusModel.CUMULATIVE_SPEND: _MONEY,
}

_C, _S, _T, _Q = (
    BonusModel.STAMP_COUNT,
    BonusModel.AMOUNT_STEP,
    BonusModel.CUMULATIVE_SPEND,
    BonusModel.QUALIFIED_VISIT,
)
VARIANTS: dict[str, tuple[BonusModel, Mode, StampMode]] = {
    "stamp-classic": (_C, Mode.SIMPLE, StampMode.PER_VISIT),
    "stamp-cart": (_C, Mode.SIMPLE, StampMode.PER_CART_QTY),
    "stamp-spend": (_S, Mode.SIMPLE, StampMode.PER_AMOUNT),
    "tier-visit": (_C, Mode.TIERED, StampMode.PER_VISIT),
    "tier-item": (_C, Mode.TIERED, StampMode.PER_LINE_ITEM),
    "tier-spend": (_S, Mode.TIERED, StampMode.PER_AMOUNT),
    "spend-total": (_T, Mode.SIMPLE, StampMode.PER_AMOUNT),
    "spend-tier": (_T, Mode.TIERED, StampMode.PER_AMOUNT),
    "visit-spend": (_Q, Mode.SIMPLE, StampMode.PER_VISIT),
    "visit-tier": (_Q, Mode.TIERED, StampMode.PER_VISIT),
}
_NAMES = {configuration: name for name, configuration in VARIANTS.items()}


def is_valid(model: BonusModel, stamp_mode: StampMode) -> bool:
    """True for the 8 pairs of bonus model and stamp mode that make sense, in either mode."""
    return stamp_mode in VALID_STAMP_MODES[model]


def variant_name(model: BonusModel, mode: Mode, stamp_mode: StampMode) -> str | None:
    """The name under which this configuration is offered, None for the six without one."""
    return _NAMES.get((model, mode, stamp_mode))


def check(mechanic: Mechanic) -> None:
    """Raise ConfigurationInvalid, with the reason, for what makes no sense together."""
    if reason := _wrong(mechanic):
        raise ConfigurationInvalid(details={"field": "configuration", "reason": reason})


def _wrong(mechanic: Mechanic) -> str | None:
    model, stamp_mode = mechanic.bonus_model, mechanic.stamp_mode
    if not is_valid(model, stamp_mode):
        return "money_counts_amounts" if model in {_S, _T} else "visits_count_units"
    if mechanic.threshold < 1:
        return "threshold"
    if (model is _S) != (mechanic.step is not None):
        return "step"
    if (model is _Q) != (mechanic.minimum is not None):
        return "minimum"
    numbers = (mechanic.step, mechanic.minimum, mechanic.max_units_per_scan)
    return "numbers" if any(number is not None and number < 1 for number in numbers) else None
