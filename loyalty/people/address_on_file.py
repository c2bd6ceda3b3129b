"""The one spelling under which an address is looked for, queued and mailed."""

from loyalty.base import exempt
from loyalty.base.email_address import cleaned, spelled_before
from loyalty.base.errors import InvalidInput
from loyalty.models import Customer


@exempt.asked_already("part of asking for a mail, which anybody may")
def address_on_file(typed: str) -> str:
    """The address as it is kept; raises InvalidInput.

    Nobody new gets a spelling that is refused now. Anybody who enrolled under one before still
    comes to their card by typing it.
    """
    try:
        return cleaned(typed)
    except InvalidInput:
        before = spelled_before(typed)
        if before is None or not Customer.objects.filter(email=before).exists():
            raise
        return before
