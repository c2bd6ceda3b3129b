"""Moments, and times to wait, in words, in the active language."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import ngettext

from loyalty.base.calendar import day_of

_HOUR = 60
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a moment: `now` in UTC, and a location's time zone."""

    now: datetime
    zone: str


def moment(at: datetime, zone: str) -> str:
    """Day and time as people at the location say them."""
    local = at.astimezone(ZoneInfo(zone))
    return formats.date_format(local, "DATETIME_FORMAT")


def moment_seen_from(at: datetime, now: datetime, zone: str) -> str:
    """The same, without the day when that is today's."""
    if day_of(at, zone) != day_of(now, zone):
        return moment(at, zone)
    return formats.time_format(at.astimezone(ZoneInfo(zone)), "TIME_FORMAT")


def possible_from(at: datetime, now: datetime, zone: str) -> str:
    """From when on something is possible: never too early, and the day alone from its beginning.

    Rounded up to the minute. "Midnight" would leave open whether the day begins or ends.
    """
    minute = at.replace(second=0, microsecond=0)
    up = minute if minute == at else minute + timedelta(minutes=1)
    local = up.astimezone(ZoneInfo(zone))
    if local.time() == time():
        return formats.date_format(local, "DATE_FORMAT")
    return moment_seen_from(up, now, zone)


def try_again_in(minutes: int) -> str:
    """How long it takes until it is possible, rounded up, for a page that people look at now."""
    if minutes <= _HOUR:
        text = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
        return text % {"n": minutes}
    if minutes <= _DAY:
        hours = -(-minutes // _HOUR)
        return ngettext("Try again in %(n)s hour.", "Try again in %(n)s hours.", hours) % {
            "n": hours
        }
    days = -(-minutes // _DAY)
    return ngettext("Try again in %(n)s day.", "Try again in %(n)s days.", days) % {"n": days}


def one_stop(sentence: str) -> str:
    """The sentence without a second full stop: a time of day may end with its own, "2:05 p.m."."""
    return sentence[:-1] if sentence.endswith("..") else sentence
