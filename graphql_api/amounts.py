"""Units, money and moments in words, in the active language."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext, ngettext

from loyalty.base.calendar import day_of
from loyalty.base.money import shown


def units(count: int, *, currency: str | None) -> str:
    """Stamps, or money where units are minor units of a currency; the sign is kept."""
    if currency:
        return shown(count, currency=currency)
    return ngettext("%(count)s stamp", "%(count)s stamps", abs(count)) % {"count": count}


def units_less(count: int, *, currency: str | None) -> str:
    """Units that were taken away, without a sign: "2 stamps less"."""
    if currency:
        return gettext("%(amount)s less") % {"amount": shown(count, currency=currency)}
    return ngettext("%(n)s stamp less", "%(n)s stamps less", count) % {"n": count}


def units_of(count: int, *, tier: str) -> str:
    """Stamps of one tier: "2 stamps of Main"."""
    said = {"units": units(count, currency=None), "tier": tier}
    return gettext("%(units)s of %(tier)s") % said


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


def one_stop(sentence: str) -> str:
    """The sentence without a second full stop: a time of day may end with its own, "2:05 p.m."."""
    return sentence[:-1] if sentence.endswith("..") else sentence
