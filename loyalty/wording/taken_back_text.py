"""What went with a sale that was taken back, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from loyalty.base.states import BonusSource
from loyalty.cards import ShownBonus
from loyalty.explaining import NameChange, NamedDebt, UndoneVisit, UndoStory
from loyalty.wording.amounts import units, units_of
from loyalty.wording.moments import moment, one_stop
from loyalty.wording.rewards import reward_title


def taken_back_text(
    what: UndoStory, *, currency: str | None, is_own: bool, is_open: bool
) -> list[str]:
    """A sentence for each thing; to the card's customer (`is_own`) or about the card.

    `currency` is set where the units are money, `is_open` where open units remain.
    """
    return [
        # With nothing left on them, cards that are open again count for nothing.
        *(_cards(what.cards, has_others=bool(what.fills)) if is_open else []),
        *_filled(what.fills, is_another=bool(what.cards)),
        *bonuses_text(what),
        *_debts(what, currency=currency, is_own=is_own),
        *other_points(what, with_elsewhere=not is_own),
        *([_streak(what.streak)] if what.streak else []),
        *([_level(what.level)] if what.level else []),
        *([gettext("No new level waits to be looked at any more.")] if what.is_rise_gone else []),
        *_version(what.version),
    ]


def points_less(points: int) -> list[str]:
    """The activity points of the sale itself."""
    if not points:
        return []
    return [ngettext("%(n)s point less.", "%(n)s points less.", points) % {"n": points}]


def _cards(count: int, *, has_others: bool) -> list[str]:
    if not count:
        return []
    if has_others:
        text = ngettext(
            "The last full card is open again: what was on it counts.",
            "The last %(n)s full cards are open again: what was on them counts.",
            count,
        )
    else:
        text = ngettext(
            "The full card is open again: what was on it counts.",
            "%(n)s full cards are open again: what was on them counts.",
            count,
        )
    return [text % {"n": count}]


def _filled(visits: Sequence[UndoneVisit], *, is_another: bool) -> list[str]:
    """Which visit fills a card now, where the one that went did, or one behind it."""
    if not visits:
        return []
    said = {"n": len(visits), "when": moment(visits[0].at, visits[0].zone)}
    if is_another:
        text = ngettext(
            "An earlier card is filled by another visit now: %(when)s.",
            "%(n)s earlier cards are filled by other visits now.",
            len(visits),
        )
    else:
        text = ngettext(
            "Another visit fills the card instead: %(when)s.",
            "Other visits fill %(n)s cards instead.",
            len(visits),
        )
    return [one_stop(text % said)]


def bonuses_text(what: UndoStory) -> list[str]:
    """What was taken away, stays given because it was used, and came instead."""
    found = []
    if what.gone:
        text = ngettext(
            "A bonus was taken away: %(gifts)s.",
            "%(n)s bonuses were taken away: %(gifts)s.",
            len(what.gone),
        )
        found.append(text % _named(what.gone))
    if what.kept:
        text = ngettext(
            "A bonus was used already and stays given: %(gifts)s.",
            "%(n)s bonuses were used already and stay given: %(gifts)s.",
            len(what.kept),
        )
        found.append(text % _named(what.kept))
    if what.put_back:
        text = ngettext(
            "A bonus had been used by then, and was put back since: %(gifts)s.",
            "%(n)s bonuses had been used by then, and were put back since: %(gifts)s.",
            len(what.put_back),
        )
        found.append(text % _named(what.put_back))
    if any(gift.source == BonusSource.STREAK for gift in what.kept):
        found.append(gettext("For it, the next bonus for visits in a row is left out."))
    if what.new:
        text = ngettext(
            "A bonus came instead: %(gifts)s.",
            "%(n)s bonuses came instead: %(gifts)s.",
            len(what.new),
        )
        found.append(text % _named(what.new))
    return found


def _debts(what: UndoStory, *, currency: str | None, is_own: bool) -> list[str]:
    if not what.is_lifted:
        return [debt_text(each, currency=currency, is_own=is_own) for each in what.debts]
    owed = [_owed_then(each, currency=currency) for each in what.debts]
    if not owed:
        return []
    said = {"units": ", ".join(owed)}
    if is_own:
        text = gettext("You owed %(units)s then; what was put back since is not owed any more.")
    else:
        text = gettext(
            "The card owed %(units)s then; what was put back since is not owed any more."
        )
    return [text % said]


def _owed_then(debt: NamedDebt, *, currency: str | None) -> str:
    if debt.tier:
        return units_of(debt.units, tier=debt.tier)
    return units(debt.units, currency=currency)


def debt_text(debt: NamedDebt, *, currency: str | None, is_own: bool) -> str:
    """What one counter owes, why, and how it is paid."""
    said = {"units": units(debt.units, currency=currency), "tier": debt.tier or ""}
    if currency:
        text = _money_owed(is_own=is_own)
    elif debt.tier:
        text = _tier_owed(debt.units, is_own=is_own)
    else:
        text = _stamps_owed(debt.units, is_own=is_own)
    return text % said


def _money_owed(*, is_own: bool) -> str:
    if is_own:
        return gettext("You owe %(units)s for what was used already; the next sales pay it.")
    return gettext("The card owes %(units)s for what was used already; the next sales pay it.")


def _tier_owed(count: int, *, is_own: bool) -> str:
    if is_own:
        return ngettext(
            "You owe %(units)s of %(tier)s for what was used already; the next one pays.",
            "You owe %(units)s of %(tier)s for what was used already; the next ones pay.",
            count,
        )
    return ngettext(
        "The card owes %(units)s of %(tier)s for what was used already; the next one pays.",
        "The card owes %(units)s of %(tier)s for what was used already; the next ones pay.",
        count,
    )


def _stamps_owed(count: int, *, is_own: bool) -> str:
    if is_own:
        return ngettext(
            "You owe %(units)s for what was used already; the next one pays.",
            "You owe %(units)s for what was used already; the next ones pay.",
            count,
        )
    return ngettext(
        "The card owes %(units)s for what was used already; the next one pays.",
        "The card owes %(units)s for what was used already; the next ones pay.",
        count,
    )


def other_points(what: UndoStory, *, with_elsewhere: bool) -> list[str]:
    """What other visits gained and lost on the card, and on others where that is asked for."""
    elsewhere = what.elsewhere if with_elsewhere else 0
    gained = what.gained + max(0, elsewhere)
    lost = gained - what.points - elsewhere
    more = ngettext(
        "Other visits give %(n)s point more, because the level was another one.",
        "Other visits give %(n)s points more, because the level was another one.",
        gained,
    )
    less = ngettext(
        "Other visits give %(n)s point less, because the level was another one.",
        "Other visits give %(n)s points less, because the level was another one.",
        lost,
    )
    return [text % {"n": n} for text, n in ((more, gained), (less, lost)) if n]


def _streak(streak: NameChange) -> str:
    days = int(streak.after or 0)
    if not days:
        return gettext("The streak begins anew.")
    text = ngettext(
        "The streak is %(n)s day instead of %(before)s.",
        "The streak is %(n)s days instead of %(before)s.",
        days,
    )
    return text % {"n": days, "before": streak.before}


def _level(level: NameChange) -> str:
    said = {"after": level.after, "before": level.before}
    if level.after is None:
        return gettext("The level %(before)s is not reached any more.") % said
    if level.before is None:
        return gettext("Level reached: %(level)s.") % {"level": level.after}
    return gettext("The level is %(after)s instead of %(before)s.") % said


def _version(number: int | None) -> list[str]:
    if number is None:
        return []
    return [
        gettext("Version %(number)s of the rules holds for the card again.") % {"number": number}
    ]


def _named(gifts: Sequence[ShownBonus]) -> dict[str, object]:
    return {"n": len(gifts), "gifts": ", ".join(reward_title(gift) for gift in gifts)}
