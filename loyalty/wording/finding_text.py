"""What is on the review list, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from loyalty.base.states import FindingKind

_HOUR = 60


def finding_text(kind: FindingKind, evidence: Mapping[str, Any]) -> str:
    """A sentence with the figures that the finding rests on."""
    if kind is FindingKind.LEVEL_HELD:
        return gettext("A rise to a higher level is held: it came faster than usual.")
    if kind is FindingKind.PIN_CLOSED:
        return _closure(evidence)
    count, minutes = int(evidence["count"]), int(evidence.get("minutes", 0))
    said = {"n": count, "minutes": minutes, "hours": minutes // _HOUR}
    return _counted(kind, count) % said


def _counted(kind: FindingKind, count: int) -> str:
    if kind is FindingKind.OFTEN:
        return ngettext(
            "%(n)s credit for one person by the same staff member, close together: within %(hours)s"
            " hours.",
            "%(n)s credits for one person by the same staff member, close together: within"
            " %(hours)s hours.",
            count,
        )
    if kind is FindingKind.BURST:
        return ngettext(
            "%(n)s credit in the %(minutes)s minutes before a bonus of the card was given.",
            "%(n)s credits in the %(minutes)s minutes before a bonus of the card was given.",
            count,
        )
    if kind is FindingKind.OWED:
        return ngettext(
            "%(n)s sale was taken back after its bonus had been given.",
            "%(n)s sales of one card were taken back after a bonus for them had been given.",
            count,
        )
    if kind is FindingKind.HOURS:
        return ngettext(
            "%(n)s credit outside the opening hours.",
            "%(n)s credits outside the opening hours.",
            count,
        )
    return ngettext(
        "%(n)s code by one staff member, more than usual within %(minutes)s minutes.",
        "%(n)s codes by one staff member, more than usual within %(minutes)s minutes.",
        count,
    )


def _closure(evidence: Mapping[str, Any]) -> str:
    wrong = int(evidence["wrong"])
    if evidence.get("of_device"):
        text = ngettext(
            "PIN entry on a device was closed after %(n)s wrong PIN there.",
            "PIN entry on a device was closed after %(n)s wrong PINs there.",
            wrong,
        )
    elif evidence.get("of_program"):
        text = ngettext(
            "PIN entry of the whole program was closed after %(n)s wrong PIN of one day.",
            "PIN entry of the whole program was closed after %(n)s wrong PINs of one day.",
            wrong,
        )
    else:
        text = ngettext(
            "PIN entry was closed after %(n)s wrong PIN.",
            "PIN entry was closed after %(n)s wrong PINs.",
            wrong,
        )
    return text % {"n": wrong}
