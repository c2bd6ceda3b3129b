"""When what was earned is over: units by months after the last visit, bonuses by days."""

from loyalty.switches.reward import TEN_YEARS
from loyalty.switches.switch import Switch, is_same, within

_MOST_MONTHS = 120

UNITS_EXPIRE_AFTER = Switch[int | None](
    off=None,
    is_right=lambda months: within(months, _MOST_MONTHS),
    is_as_good=is_same,
)
BONUS_VALID_DAYS = Switch[int | None](
    off=None,
    is_right=lambda days: within(days, TEN_YEARS),
    is_as_good=is_same,
)
