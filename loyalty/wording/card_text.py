"""The lines of a card's history in words, for its customer and for managers."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from loyalty.base.events import EventKind
from loyalty.cards import ShownBonus
from loyalty.explaining import CardLine, SessionLine
from loyalty.wording.amounts import units
from loyalty.wording.moments import Reader
from loyalty.wording.moved_text import (
    before_text,
    by_tier,
    by_tier_less,
    happy_text,
    over_text,
    trimmed_text,
)
from loyalty.wording.refusal_text import refusal_text
from loyalty.wording.rewards import reward_title
from loyalty.wording.taken_back_text import (
    bonuses_text,
    other_points,
    points_less,
    taken_back_text,
)

_GIFTS = {
    "card": gettext_noop("That filled the card: %(gifts)s."),
    "streak": gettext_noop("For visits in a row: %(gifts)s."),
    "birthday": gettext_noop("For the birthday: %(gifts)s."),
    "welcome": gettext_noop("A welcome: %(gifts)s."),
    "level": gettext_noop("For the new level: %(gifts)s."),
}
_OTHER_GIFTS = gettext_noop("Besides: %(gifts)s.")


def card_text(line: CardLine, *, now: datetime) -> str:
    """A sentence or a few; no names of people, no reasons that staff wrote for themselves.

    Days that are not today's are named, as at `now`.
    """
    if line.kind is EventKind.REFUSED:
        return _refused(line, now=now)
    return _SAID[line.kind](line)


def gifts_text(gifts: Iterable[ShownBonus]) -> list[str]:
    """What was given besides the units, a sentence for each occasion."""
    titles: dict[str, list[str]] = {}
    for gift in gifts:
        titles.setdefault(gift.source, []).append(reward_title(gift))
    return [
        gettext(_GIFTS.get(source, _OTHER_GIFTS)) % {"gifts": ", ".join(found)}
        for source, found in titles.items()
    ]


def level_text(level: str | None, *, is_held: bool) -> list[str]:
    """What became of the status."""
    if is_held:
        return [gettext("The new level waits until somebody has looked at it.")]
    return [gettext("Level reached: %(level)s.") % {"level": level}] if level else []


def came_of_it(
    line: CardLine | SessionLine, gifts: Iterable[ShownBonus], *, currency: str | None
) -> list[str]:
    """What a credit did besides counting; `currency` is set where the units are money."""
    return [
        *before_text(line.moved, currency=currency),
        *gifts_text(gifts),
        *over_text(line.moved, currency=currency),
        *level_text(line.level, is_held=line.is_level_held),
    ]


def refused_text(line: CardLine | SessionLine, *, zone: str, now: datetime) -> str:
    """Why there was no credit, and from when on there could be one; read at `now`."""
    refusal = line.refusal
    reader = Reader(now, zone)
    return refusal_text(line.code, refusal.figures, retry_at=refusal.retry_at, reader=reader)


def _collected(line: CardLine) -> str:
    said = {
        "units": by_tier(line.units, line.moved, currency=_currency(line)),
        "amount": units(line.amount or 0, currency=line.currency),
        "place": line.location or "",
    }
    # Where money is counted the units are the amount.
    is_bought = line.amount is not None and not line.counts_money
    if is_bought:
        first = gettext("%(units)s for %(amount)s at %(place)s.") % said
    else:
        first = gettext("%(units)s at %(place)s.") % said
    currency = _currency(line)
    more = [gettext("Brought over from another system.")] if line.is_imported else []
    more += happy_text(line.times)
    more += trimmed_text(line.untrimmed, line.units, currency=currency)
    return " ".join([first, *more, *came_of_it(line, line.gifts, currency=currency)])


def _taken_back(line: CardLine) -> str:
    if not line.was_collected:
        return gettext("Taken back by the counter before it counted.")
    currency = _currency(line)
    less = {"less": by_tier_less(-line.units, line.moved, currency=currency)}
    others = line.taken_back.points if line.taken_back else 0
    points = others - line.points
    said = [gettext("Taken back by the counter: %(less)s.") % less, *points_less(points)]
    if line.taken_back:
        said += taken_back_text(
            line.taken_back, currency=currency, is_own=True, is_open=line.moved.is_open
        )
    return " ".join(said)


def _expired(line: CardLine) -> str:
    currency = _currency(line)
    what = [by_tier(-line.units, line.moved, currency=currency)] if line.units else []
    what += [reward_title(gift) for gift in line.gifts]
    return gettext("Expired: %(what)s.") % {"what": ", ".join(what) or line.program}


def _recounted(line: CardLine) -> str:
    said = [gettext("A sale on another card was taken back.")]
    if what := line.taken_back:
        said += [*bonuses_text(what), *other_points(what, with_elsewhere=False)]
    return " ".join(said)


def _refused(line: CardLine, *, now: datetime) -> str:
    return gettext("Not added.") + " " + refused_text(line, zone=line.zone, now=now)


def _redeemed(line: CardLine) -> str:
    return gettext("Given: %(bonus)s.") % {"bonus": _bonus(line)}


def _cancelled(line: CardLine) -> str:
    return gettext("Not given: %(bonus)s.") % {"bonus": _bonus(line)} + " " + _again(line)


def _refunded(line: CardLine) -> str:
    said = [gettext("Put back: %(bonus)s.") % {"bonus": _bonus(line)}]
    if line.is_gone:
        said.append(gettext("What it was given for was taken back: it can no longer be used."))
    else:
        said.append(_again(line))
    if line.is_debt_lifted:
        said.append(gettext("Nothing is owed for it any more."))
    return " ".join([*said, *(bonuses_text(line.taken_back) if line.taken_back else [])])


def _again(line: CardLine) -> str:
    ends = [gift.expires_at for gift in line.gifts if gift.expires_at]
    if any(end <= line.at for end in ends):
        return gettext("Its time is over: it can no longer be used.")
    return gettext("It waits again.")


def _reviewed(line: CardLine) -> str:
    level = level_text(line.level, is_held=False)
    return " ".join([gettext("Looked at by the business."), *level, *gifts_text(line.gifts)])


def _bonus(line: CardLine) -> str:
    return line.product or ", ".join(reward_title(gift) for gift in line.gifts) or line.program


def _currency(line: CardLine) -> str | None:
    return line.currency if line.counts_money else None


_SAID: dict[EventKind, Callable[[CardLine], str]] = {
    EventKind.COLLECTED: _collected,
    EventKind.VOIDED: _taken_back,
    EventKind.CONFIRMED: _redeemed,
    EventKind.CANCELLED: _cancelled,
    EventKind.REFUNDED: _refunded,
    EventKind.EXPIRED: _expired,
    EventKind.RECOUNTED: _recounted,
    EventKind.REVIEWED: _reviewed,
}
