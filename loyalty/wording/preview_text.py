"""What a sale earns by itself, in words for staff."""

from django.utils.translation import gettext

from loyalty.base.errors import BelowMinimum
from loyalty.base.values import Preview
from loyalty.wording.amounts import units
from loyalty.wording.refusal_text import sentence


def preview_text(found: Preview) -> str | None:
    """Why the sale earns other units than it counts; None where it earns what it counts."""
    if found.missing:
        details = {"missing": found.missing, "currency": found.currency}
        return sentence(BelowMinimum.code, details)
    if found.limit is None:
        return None
    currency = found.currency if found.counts_money else None
    counted, limit = units(found.counted, currency=currency), units(found.limit, currency=currency)
    said = gettext("The sale counts %(counted)s, and one code gives at most %(limit)s.")
    return said % {"counted": counted, "limit": limit}


def held_rise_text(level: str) -> str:
    """Why a level is not there yet, though its points are; to its customer or to staff."""
    return gettext("The rise to %(level)s is being checked.") % {"level": level}
