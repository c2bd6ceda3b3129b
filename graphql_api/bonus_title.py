"""What a customer gets, in words: the stored name, or what may be chosen."""

from django.utils.translation import gettext

from loyalty.cards import ProductChoice, ShownBonus


def bonus_title(title: str, choice: ProductChoice | None) -> str:
    """The stored title; of a bonus whose product is chosen, from what, in the active language."""
    if choice is None:
        return title
    if choice.tier is None:
        return gettext("Your choice from the menu")
    if choice.has_lower:
        return gettext("Any %(tier)s or lower") % {"tier": choice.tier}
    return gettext("Any %(tier)s") % {"tier": choice.tier}


def gift_title(gift: ShownBonus) -> str:
    """The same of a bonus in a history."""
    return bonus_title(gift.title, gift.choice)
