"""What a line did to a card's counters, in words."""

from collections.abc import Callable
from operator import attrgetter

from django.utils.translation import gettext, gettext_noop

from loyalty.explaining import TierMove, UnitMoves
from loyalty.wording.amounts import units, units_less, units_of

_HAPPY = {
    2: gettext_noop("Happy hour: each counted twice."),
    3: gettext_noop("Happy hour: each counted three times."),
}


def by_tier(
    count: int,
    moved: UnitMoves,
    *,
    currency: str | None,
    of: Callable[[TierMove], int] = attrgetter("units"),
) -> str:
    """The units, of each tier those that it counted; `currency` is set where they are money."""
    tiers = [units_of(abs(of(each)), tier=each.name) for each in moved.per_tier if of(each)]
    return ", ".join(tiers) or units(count, currency=currency)


def by_tier_less(count: int, moved: UnitMoves, *, currency: str | None) -> str:
    """So many units that were taken away, without a sign."""
    if not any(each.units for each in moved.per_tier):
        return units_less(count, currency=currency)
    return gettext("%(amount)s less") % {"amount": by_tier(count, moved, currency=currency)}


def trimmed_text(untrimmed: int | None, given: int, *, currency: str | None) -> list[str]:
    """The scan's ceiling, where it trimmed what was `untrimmed`."""
    if untrimmed is None:
        return []
    said = {
        "counted": units(untrimmed, currency=currency),
        "units": units(given, currency=currency),
    }
    return [gettext("%(counted)s were rung up; one scan gives at most %(units)s.") % said]


def happy_text(times: int) -> list[str]:
    """The happy hour, where each unit counted more than once."""
    return [gettext(_HAPPY[times])] if times in _HAPPY else []


def before_text(moved: UnitMoves, *, currency: str | None) -> list[str]:
    """What had expired until then, and what became of a debt."""
    said = []
    if moved.expired:
        of = attrgetter("expired")
        expired = by_tier(moved.expired, moved, currency=currency, of=of)
        said.append(gettext("Before that, %(units)s had expired.") % {"units": expired})
    return [*said, *_paid(moved, currency=currency), *_paid_tiers(moved)]


def over_text(moved: UnitMoves, *, currency: str | None) -> list[str]:
    """What a full card did not take."""
    if not moved.forfeited:
        return []
    over = {"units": units(moved.forfeited, currency=currency)}
    return [gettext("What was over does not count: %(units)s.") % over]


def _paid(moved: UnitMoves, *, currency: str | None) -> list[str]:
    if not moved.owed_before:
        return []
    left = max(0, -(moved.after or 0))
    if not left:
        return [gettext("That pays what was owed.")]
    said = {"units": units(left, currency=currency)}
    return [gettext("That goes to what was owed; still to pay: %(units)s.") % said]


def _paid_tiers(moved: UnitMoves) -> list[str]:
    paid, going = [], []
    for each in moved.per_tier:
        if each.owed_before and each.after >= 0:
            paid.append(gettext("That pays what was owed of %(tier)s.") % {"tier": each.name})
        elif each.owed_before and each.units:
            left = {"units": units_of(-each.after, tier=each.name)}
            going.append(gettext("That goes to what was owed; still to pay: %(units)s.") % left)
    return [*paid, *going]
