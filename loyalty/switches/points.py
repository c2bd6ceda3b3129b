"""Activity points that come with each visit, besides those of its preset."""

from loyalty.switches.switch import Switch

_MOST = 1_000_000  # more is a typing mistake

POINTS = Switch[int](
    off=0,
    is_right=lambda points: 0 <= points <= _MOST,
    is_as_good=lambda new, old: new >= old,
)
