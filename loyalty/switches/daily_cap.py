"""A customer's visits in the program that count on one day of the location."""

from loyalty.switches.switch import Switch, is_same, within

_MOST_VISITS = 1_000

DAILY_CAP = Switch[int | None](
    off=None,
    is_right=lambda visits: within(visits, _MOST_VISITS),
    is_as_good=is_same,
)
