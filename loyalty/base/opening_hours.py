"""Whether a place is open at a moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

Hours = Mapping[str, Sequence[Sequence[str]]]
_HOUR, _WEEK = 60, 7


def is_open(hours: Hours | None, *, at: datetime, zone: str) -> bool:
    """True inside one of the day's spans, whose end is not part of them; always where none are.

    A span whose end is not after its start goes on past midnight; "24:00" is the day's own end.
    """
    if not hours:
        return True
    local = at.astimezone(ZoneInfo(zone))
    minute, today = local.hour * _HOUR + local.minute, local.weekday()
    yesterday = hours.get(str((today - 1) % _WEEK), ())
    return any(_began(span, minute) for span in hours.get(str(today), ())) or any(
        _goes_on(span, minute) for span in yesterday
    )


def _began(span: Sequence[str], minute: int) -> bool:
    start, end = map(_minutes, span)
    return start <= minute and (minute < end or end <= start)


def _goes_on(span: Sequence[str], minute: int) -> bool:
    start, end = map(_minutes, span)
    return end <= start and minute < end


def _minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * _HOUR + int(minute)
