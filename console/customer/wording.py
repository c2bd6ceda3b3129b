"""Numbers of units in words."""

from django.utils.translation import gettext, ngettext

from console.amounts import shown


def waits(units: int, *, currency: str | None) -> str:
    """What waits for whoever confirms."""
    if currency:
        return gettext("%(amount)s waits for you") % {"amount": shown(units, currency=currency)}
    text = ngettext("%(n)s stamp waits for you", "%(n)s stamps wait for you", units)
    return text % {"n": units}


def was_added(units: int, *, currency: str | None) -> str:
    """What a collect brought."""
    if currency:
        return gettext("%(amount)s was added") % {"amount": shown(units, currency=currency)}
    return ngettext("%(n)s stamp was added", "%(n)s stamps were added", units) % {"n": units}


def still_missing(units: int, *, currency: str | None) -> str:
    """What is missing for the next bonus."""
    if currency:
        return gettext("%(amount)s more to go") % {"amount": shown(units, currency=currency)}
    if units == 1:
        return gettext("One more and it is yours")
    return ngettext("%(n)s more to go", "%(n)s more to go", units) % {"n": units}


def filled(times: int) -> str:
    """Said when a collect filled the card."""
    text = ngettext(
        "Your card is full: a bonus waits for you.",
        "That filled %(n)s cards: their bonuses wait for you.",
        times,
    )
    return text % {"n": times}
