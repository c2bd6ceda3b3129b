"""Weekdays and local hours in which units count twice or three times."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.base.opening_hours import is_open
from loyalty.switches.switch import Switch, known_values

_TIMES = (2, 3)
_WEEK = 7
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MIDNIGHT = "24:00"


@dataclass(frozen=True, slots=True)
class HappyHour:
    """Each unit of a sale that is tapped within these hours counts `times`.

    `weekdays` (0 is Monday) are those on which it begins; `starts` and `ends` are clock times of
    the location, such as 14:00. Where the end is not after the start it goes on past midnight.
    What the location's clock shows decides: an hour that comes twice is in it twice.
    """

    weekdays: tuple[int, ...]
    starts: str
    ends: str
    times: int = 2

    def times_at(self, at: datetime, *, zone: str) -> int:
        """How often a unit counts that is tapped at this moment (UTC) in this time zone."""
        hours = {str(day): ((self.starts, self.ends),) for day in self.weekdays}
        return self.times if is_open(hours, at=at, zone=zone) else 1


def _is_right(rule: HappyHour | None) -> bool:
    if rule is None:
        return True
    return (
        0 < len(rule.weekdays) == len(set(rule.weekdays))
        and all(0 <= day < _WEEK for day in rule.weekdays)
        and _CLOCK.fullmatch(rule.starts) is not None
        and (_CLOCK.fullmatch(rule.ends) is not None or rule.ends == _MIDNIGHT)
        and rule.starts != rule.ends
        and rule.times in _TIMES
    )


def _is_as_good(new: HappyHour | None, old: HappyHour | None) -> bool:
    # One that comes in is a gain; any other hours may be worse for somebody.
    return old is None or new == old


def _read(kept: Mapping[str, Any] | None) -> HappyHour | None:
    if not kept:
        return None
    values = known_values(HappyHour, kept)
    return HappyHour(**{**values, "weekdays": tuple(kept["weekdays"])})


HAPPY_HOUR = Switch[HappyHour | None](
    off=None,
    is_right=_is_right,
    is_as_good=_is_as_good,
    read=_read,
)
