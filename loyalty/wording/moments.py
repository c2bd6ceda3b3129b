"""Moments, and times to wait, in words, in the active language."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext

from loyalty.base.calendar import day_of
from loyalty.wording import locales

_HOUR = 60
_DAY = 24 * _HOUR
_DAYS_BY_NAME = 6


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a moment: `now` in UTC, and a location's time zone."""

    now: datetime
    zone: str


def moment(at: datetime, zone: str) -> str:
    """Day and time as people at the location say them."""
    local = at.astimezone(ZoneInfo(zone))
    return locales.with_time(locales.day(local), local)


def moment_seen_from(at: datetime, now: datetime, zone: str) -> str:
    """The same, without the day when that is today's."""
    if day_of(at, zone) != day_of(now, zone):
        return moment(at, zone)
    return locales.time_of_day(at.astimezone(ZoneInfo(zone)))


def lately(at: datetime, reader: Reader) -> str:
    """A moment of the past as people speak of it: "Today, 08:42", "Thursday, 08:42", then by date.

    The week before is named by its days, which is clear for six of them.
    """
    local, today = at.astimezone(ZoneInfo(reader.zone)), day_of(reader.now, reader.zone)
    days = (today - local.date()).days
    if days == 0:
        return locales.with_time(gettext("Today"), local)
    if days == 1:
        return locales.with_time(gettext("Yesterday"), local)
    if 1 < days <= _DAYS_BY_NAME:
        return locales.with_time(locales.weekday(local), local)
    is_this_year = local.year == today.year
    return locales.with_time(
        locales.day_of_year(local) if is_this_year else locales.day(local), local
    )


def day(at: datetime, zone: str) -> str:
    """The day at the location, with its year."""
    return locales.day(at.astimezone(ZoneInfo(zone)))


def possible_from(at: datetime, now: datetime, zone: str) -> str:
    """From when on something is possible: never too early, and the day alone from its beginning.

    Rounded up to the minute. "Midnight" would leave open whether the day begins or ends.
    """
    minute = at.replace(second=0, microsecond=0)
    up = minute if minute == at else minute + timedelta(minutes=1)
    local = up.astimezone(ZoneInfo(zone))
    if local.time() == time():
        return locales.day(local)
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
