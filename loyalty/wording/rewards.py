"""What a customer gets, in words: the stored name, or what may be chosen."""

from django.utils.translation import gettext, gettext_noop

from loyalty.cards import ProductChoice, ShownBonus

_EARNED_BY = {
    "streak": gettext_noop("For your streak"),
    "birthday": gettext_noop("For your birthday"),
    "level": gettext_noop("For your new level"),
    "welcome": gettext_noop("Welcome"),
    "win_back": gettext_noop("Good to see you again"),
}


def bonus_title(title: str, choice: ProductChoice | None) -> str:
    """The stored title; of a bonus whose product is chosen, from what, in the active language."""
    if choice is None:
        return title
    if choice.tier is None:
        return gettext("Your choice from the menu")
    if choice.has_lower:
        return gettext("Any %(tier)s or lower") % {"tier": choice.tier}
    return gettext("Any %(tier)s") % {"tier": choice.tier}


def reward_title(bonus: ShownBonus) -> str:
    """The same of a bonus in a history."""
    return bonus_title(bonus.title, bonus.choice)


def earned_by(source: str) -> str:
    """Why a bonus is there; empty for a full card, which explains itself."""
    return gettext(_EARNED_BY[source]) if source in _EARNED_BY else ""
