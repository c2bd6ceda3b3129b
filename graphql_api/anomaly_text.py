"""What is on the review list, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from loyalty.rules.review_log import Kind

_HOUR = 60


def anomaly_text(kind: Kind, evidence: Mapping[str, Any]) -> str:
    """A sentence with the figures that the finding rests on."""
    count = int(evidence.get("count", 0))
    minutes = int(evidence.get("minutes", 0))
    said = {"n": count, "minutes": minutes, "hours": minutes // _HOUR}
    match kind:
        case Kind.OFTEN:
            text = ngettext(
                "%(n)s credit on one card by the same staff member, close together: within"
                " %(hours)s hours.",
                "%(n)s credits on one card by the same staff member, close together: within"
                " %(hours)s hours.",
                count,
            )
        case Kind.BURST:
            text = ngettext(
                "%(n)s credit in the %(minutes)s minutes before a bonus of the card was given.",
                "%(n)s credits in the %(minutes)s minutes before a bonus of the card was given.",
                count,
            )
        case Kind.HOURS:
            text = ngettext(
                "%(n)s credit outside the opening hours.",
                "%(n)s credits outside the opening hours.",
                count,
            )
        case Kind.VOLUME:
            text = ngettext(
                "%(n)s code by one staff member, more than usual within %(minutes)s minutes.",
                "%(n)s codes by one staff member, more than usual within %(minutes)s minutes.",
                count,
            )
        case Kind.PIN_CLOSED:
            wrong = int(evidence.get("wrong", 0))
            text = ngettext(
                "PIN entry was closed after %(wrong)s wrong PIN.",
                "PIN entry was closed after %(wrong)s wrong PINs.",
                wrong,
            )
            return text % {"wrong": wrong}
        case Kind.LEVEL_HELD:
            text = gettext("A rise to a higher level is held: it came faster than usual.")
    return text % said
