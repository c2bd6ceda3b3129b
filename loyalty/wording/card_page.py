"""What a customer reads on the pages of a card and of a code."""

from django.utils.translation import gettext, ngettext

from loyalty.wording.amounts import money


def waits(units: int, *, currency: str | None) -> str:
    """What waits for anybody who confirms."""
    if currency:
        return gettext("%(amount)s waits for you") % {"amount": money(units, currency=currency)}
    text = ngettext("%(n)s stamp waits for you", "%(n)s stamps wait for you", units)
    return text % {"n": units}


def was_added(units: int, *, currency: str | None) -> str:
    """What a collect brought."""
    if currency:
        return gettext("%(amount)s was added") % {"amount": money(units, currency=currency)}
    return ngettext("%(n)s stamp was added", "%(n)s stamps were added", units) % {"n": units}


def still_missing(units: int, *, currency: str | None) -> str:
    """What is missing for the next bonus."""
    if currency:
        return gettext("%(amount)s more to go") % {"amount": money(units, currency=currency)}
    if units == 1:
        return gettext("One more and it is yours")
    return ngettext("%(n)s more to go", "%(n)s more to go", units) % {"n": units}


def share(has: str, threshold: str) -> str:
    """How far the card is."""
    return gettext("%(open)s of %(threshold)s") % {"open": has, "threshold": threshold}


def full() -> str:
    """Said while the bonus of a full card waits."""
    return gettext("Your card is full")


def due(*, tier: str = "") -> str:
    """Said while the units are there already, since the business asks for fewer now."""
    if tier:
        text = gettext("%(tier)s is full: your bonus comes with your next visit.")
        return text % {"tier": tier}
    return gettext("Your card is full: your bonus comes with your next visit")


def owed(units: int, *, currency: str | None, tier: str = "") -> str:
    """What the next units are for while a counter owes them; `tier` names one of several."""
    said = {"n": units, "tier": tier}
    if currency:
        text = gettext("The next %(amount)s pay for a bonus whose sale was taken back.")
        return text % {"amount": money(units, currency=currency)}
    if tier:
        text = ngettext(
            "The next stamp of %(tier)s pays for a bonus whose sale was taken back.",
            "The next %(n)s stamps of %(tier)s pay for a bonus whose sale was taken back.",
            units,
        )
    else:
        text = ngettext(
            "The next stamp pays for a bonus whose sale was taken back.",
            "The next %(n)s stamps pay for a bonus whose sale was taken back.",
            units,
        )
    return text % said


def filled(times: int) -> str:
    """Said when a collect filled the card."""
    text = ngettext(
        "Your card is full: a bonus waits for you.",
        "That filled %(n)s cards: their bonuses wait for you.",
        times,
    )
    return text % {"n": times}


def streak(days: int) -> str:
    """The badge of a streak."""
    return ngettext("%(n)s-day streak", "%(n)s-day streak", days) % {"n": days}


def next_level(missing: int, name: str) -> str:
    """What is missing to the next level, as in "2 more to Silver"."""
    text = ngettext("%(n)s more point to %(level)s", "%(n)s more points to %(level)s", missing)
    return text % {"n": missing, "level": name}


def held_level(name: str) -> str:
    """Why the next level is not there yet, though its points are."""
    return gettext("Your rise to %(level)s is being checked.") % {"level": name}
