"""What a decision about a finding came to, in words, for managers."""

from django.utils.translation import gettext, ngettext

from loyalty.base.states import FindingKind, FindingStatus
from loyalty.reviewing import OwedUnits, ReviewOutcome
from loyalty.wording.amounts import units, units_less, units_of
from loyalty.wording.card_text import gifts_text, level_text
from loyalty.wording.taken_back_text import bonuses_text, debt_text, points_less


def outcome_text(status: str, kind: FindingKind, found: ReviewOutcome) -> str | None:
    """A sentence or a few; None while nothing is decided."""
    is_level = kind is FindingKind.LEVEL_HELD
    match status:
        case FindingStatus.APPROVED:
            return _level_approved(found) if is_level else gettext("Nothing was changed.")
        case FindingStatus.VOIDED:
            return _level_refused() if is_level else _taken_back(found)
        case FindingStatus.LAPSED:
            return _level_lapsed() if is_level else _lapsed()
        case _:
            return None


def _level_approved(found: ReviewOutcome) -> str:
    if found.level is None:
        return gettext("The points reach no higher level by now: nothing was changed.")
    return " ".join([*level_text(found.level, is_held=False), *gifts_text(found.gifts)])


def _level_refused() -> str:
    return gettext("The level was not given. The sales stay.")


def _level_lapsed() -> str:
    return gettext("Nothing was decided: the level is no longer held.")


def _lapsed() -> str:
    return gettext("Nothing was decided: all of it had been taken back already.")


def _taken_back(found: ReviewOutcome) -> str:
    parts = [*_sales(found), *_codes(found.codes)]
    parts += [*bonuses_text(found.went), *map(_owed, found.owed)]
    return " ".join([*parts, *_earlier(found.earlier), *_left(found.left)]) or gettext(
        "There was no sale to take back."
    )


def _owed(owed: OwedUnits) -> str:
    if owed.cards == 1:
        return debt_text(owed.debt, currency=owed.currency, is_own=False)
    what = units(owed.debt.units, currency=owed.currency)
    if owed.debt.tier:
        what = units_of(owed.debt.units, tier=owed.debt.tier)
    text = ngettext(
        "%(n)s card owes %(what)s for what was used already; its next sales pay.",
        "%(n)s cards owe %(what)s for what was used already; their next sales pay.",
        owed.cards,
    )
    return text % {"n": owed.cards, "what": what}


def _sales(found: ReviewOutcome) -> list[str]:
    if not found.sales:
        return []
    text = ngettext(
        "%(n)s sale was taken back: %(less)s.",
        "%(n)s sales were taken back: %(less)s.",
        found.sales,
    )
    less = ", ".join(units_less(count, currency=currency) for currency, count in found.units)
    return [text % {"n": found.sales, "less": less}, *points_less(found.points)]


def _codes(count: int) -> list[str]:
    if not count:
        return []
    text = ngettext(
        "%(n)s code that nobody had collected was taken back.",
        "%(n)s codes that nobody had collected were taken back.",
        count,
    )
    return [text % {"n": count}]


def _earlier(count: int) -> list[str]:
    if not count:
        return []
    text = ngettext("%(n)s had been taken back before.", "%(n)s had been taken back before.", count)
    return [text % {"n": count}]


def _left(count: int) -> list[str]:
    if not count:
        return []
    text = ngettext(
        "%(n)s is still to be taken back: decide once more.",
        "%(n)s are still to be taken back: decide once more.",
        count,
    )
    return [text % {"n": count}]
