"""Days and moments in templates, as the reader's language writes them."""

from datetime import date, datetime

from django import template

from loyalty.wording import said_day, said_moment

register = template.Library()


@register.filter
def day(value: date) -> str:
    """A day of the calendar, with its year."""
    return said_day(value)


@register.filter
def at(value: datetime, zone: str) -> str:
    """Day and time of a moment, at a place with this time zone."""
    return said_moment(value, zone)
