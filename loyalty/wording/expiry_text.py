"""What ends soon, in words."""

from datetime import date

from django.utils.translation import gettext, ngettext

from loyalty.wording import locales
from loyalty.wording.amounts import money


def ending_text(program: str, *, title: str, count: int, currency: str, last_day: date) -> str:
    """A bonus by its `title`, or the open units of a program, and their last day."""
    day = locales.day(last_day)
    if title:
        return gettext("%(title)s: until %(day)s") % {"title": title, "day": day}
    if currency:
        said = {"program": program, "money": money(count, currency=currency), "day": day}
        return gettext("%(program)s, %(money)s collected: until %(day)s") % said
    text = ngettext(
        "%(program)s, %(n)s stamp: until %(day)s",
        "%(program)s, %(n)s stamps: until %(day)s",
        count,
    )
    return text % {"program": program, "n": count, "day": day}
