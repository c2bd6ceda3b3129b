"""Units and money in words, in the active language."""

from django.utils.translation import gettext, ngettext

from loyalty.wording import locales


def money(minor: int, *, currency: str) -> str:
    """Minor units with all decimals of the currency, as the reader's language writes money."""
    return locales.amount(minor, currency=currency)


def units(count: int, *, currency: str | None) -> str:
    """Stamps, or money where units are minor units of a currency; the sign is kept."""
    if currency:
        return money(count, currency=currency)
    return ngettext("%(count)s stamp", "%(count)s stamps", abs(count)) % {"count": count}


def units_less(count: int, *, currency: str | None) -> str:
    """Units that were taken away, without a sign: "2 stamps less"."""
    if currency:
        return gettext("%(amount)s less") % {"amount": money(count, currency=currency)}
    return ngettext("%(n)s stamp less", "%(n)s stamps less", count) % {"n": count}


def units_of(count: int, *, tier: str) -> str:
    """Stamps of one tier: "2 stamps of Main"."""
    said = {"units": units(count, currency=None), "tier": tier}
    return gettext("%(units)s of %(tier)s") % said
