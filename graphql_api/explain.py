"""The lines of a card's history in words, for its customer and for managers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter

from django.utils.translation import gettext, gettext_noop

from graphql_api.amounts import possible_from, units, units_less, units_of
from graphql_api.bonus_title import gift_title
from graphql_api.sentences import sentence, waiting
from graphql_api.taken_back_text import points_less, taken_back_text
from loyalty.events import EventKind
from loyalty.queries.explain import CardLine
from loyalty.queries.explain_session import SessionLine
from loyalty.queries.gifts import Gift
from loyalty.queries.line_moves import TierMove

_GIFTS = {
    "card": gettext_noop("That filled the card: %(gifts)s."),
    "streak": gettext_noop("For visits in a row: %(gifts)s."),
    "birthday": gettext_noop("For the birthday: %(gifts)s."),
    "welcome": gettext_noop("A welcome: %(gifts)s."),
    "level": gettext_noop("For the new level: %(gifts)s."),
}
_OTHER_GIFTS = gettext_noop("Besides: %(gifts)s.")


def card_text(line: CardLine) -> str:
    """A sentence or a few; no names of people, no reasons that staff wrote for themselves."""
    return _SAID[line.kind](line)


def gifts_text(gifts: Iterable[Gift]) -> list[str]:
    """What was given besides the units, a sentence for each occasion."""
    titles: dict[str, list[str]] = {}
    for gift in gifts:
        titles.setdefault(gift.source, []).append(gift_title(gift))
    return [
        gettext(_GIFTS.get(source, _OTHER_GIFTS)) % {"gifts": ", ".join(found)}
        for source, found in titles.items()
    ]


def level_text(level: str | None, *, is_held: bool) -> list[str]:
    """What became of the status."""
    if is_held:
        return [gettext("The new level waits until somebody has looked at it.")]
    return [gettext("Level reached: %(level)s.") % {"level": level}] if level else []


def refused_text(line: CardLine | SessionLine, *, zone: str) -> str:
    """Why there was no credit, and from when on there could be one."""
    details = {name: value for name, value in line.details.items() if name != "retry_at"}
    why = sentence(line.code, details)
    retry_at = line.details.get("retry_at")
    if not retry_at:
        return why
    when = possible_from(datetime.fromisoformat(retry_at), line.at, zone)
    return f"{why} {waiting(line.code, when)}"


def _collected(line: CardLine) -> str:
    said = {
        "units": _by_tier(line, line.units),
        "amount": units(line.amount or 0, currency=line.currency),
        "place": line.location or "",
    }
    # Where money is counted the units are the amount.
    is_bought = line.amount is not None and not line.counts_money
    if is_bought:
        first = gettext("%(units)s for %(amount)s at %(place)s.") % said
    else:
        first = gettext("%(units)s at %(place)s.") % said
    more = []
    if line.expired:
        expired = _by_tier(line, line.expired, of=attrgetter("expired"))
        more.append(gettext("Before that, %(units)s had expired.") % {"units": expired})
    more += [*_paid(line), *_paid_tiers(line)]
    more += gifts_text(line.gifts)
    if line.forfeited:
        more.append(gettext("What was over does not count: %(units)s.") % _of(line, line.forfeited))
    return " ".join([first, *more, *level_text(line.level, is_held=line.is_level_held)])


def _paid(line: CardLine) -> list[str]:
    if not line.owed_before:
        return []
    left = max(0, -(line.units_after or 0))
    if not left:
        return [gettext("That pays what was owed.")]
    return [gettext("That goes to what was owed; still to pay: %(units)s.") % _of(line, left)]


def _paid_tiers(line: CardLine) -> list[str]:
    paid, going = [], []
    for each in line.per_tier:
        if each.owed_before and each.after >= 0:
            paid.append(gettext("That pays what was owed of %(tier)s.") % {"tier": each.name})
        elif each.owed_before and each.units:
            left = {"units": units_of(-each.after, tier=each.name)}
            going.append(gettext("That goes to what was owed; still to pay: %(units)s.") % left)
    return [*paid, *going]


def _taken_back(line: CardLine) -> str:
    if not line.was_collected:
        return gettext("Taken back by the counter before it counted.")
    currency = line.currency if line.counts_money else None
    less = {"less": _less(line, currency=currency)}
    said = [gettext("Taken back by the counter: %(less)s.") % less, *points_less(-line.points)]
    if line.taken_back:
        said += taken_back_text(line.taken_back, currency=currency, is_own=True)
    return " ".join(said)


def _expired(line: CardLine) -> str:
    what = [_by_tier(line, -line.units)] if line.units else []
    what += [gift_title(gift) for gift in line.gifts]
    return gettext("Expired: %(what)s.") % {"what": ", ".join(what) or line.program}


def _refused(line: CardLine) -> str:
    return gettext("Not added.") + " " + refused_text(line, zone=line.zone)


def _redeemed(line: CardLine) -> str:
    return gettext("Given: %(bonus)s.") % {"bonus": _bonus(line)}


def _cancelled(line: CardLine) -> str:
    return gettext("Not given: %(bonus)s.") % {"bonus": _bonus(line)} + " " + _again(line)


def _refunded(line: CardLine) -> str:
    said = gettext("Put back: %(bonus)s.") % {"bonus": _bonus(line)}
    if line.details.get("gone"):
        why = gettext("What it was given for was taken back: it can no longer be used.")
        return f"{said} {why}"
    return f"{said} {_again(line)}"


def _again(line: CardLine) -> str:
    ends = [gift.expires_at for gift in line.gifts if gift.expires_at]
    if any(end <= line.at for end in ends):
        return gettext("Its time is over: it can no longer be used.")
    return gettext("It waits again.")


def _reviewed(line: CardLine) -> str:
    level = level_text(line.level, is_held=False)
    return " ".join([gettext("Looked at by the business."), *level, *gifts_text(line.gifts)])


def _bonus(line: CardLine) -> str:
    return line.product or ", ".join(gift_title(gift) for gift in line.gifts) or line.program


def _by_tier(
    line: CardLine, count: int, *, of: Callable[[TierMove], int] = attrgetter("units")
) -> str:
    """The units, of each tier those that it counted."""
    tiers = [units_of(abs(of(each)), tier=each.name) for each in line.per_tier if of(each)]
    return ", ".join(tiers) or _units(line, count)


def _less(line: CardLine, *, currency: str | None) -> str:
    if not any(each.units for each in line.per_tier):
        return units_less(-line.units, currency=currency)
    return gettext("%(amount)s less") % {"amount": _by_tier(line, -line.units)}


def _units(line: CardLine, count: int) -> str:
    return units(count, currency=line.currency if line.counts_money else None)


def _of(line: CardLine, count: int) -> dict[str, str]:
    return {"units": _units(line, count)}


_SAID: dict[EventKind, Callable[[CardLine], str]] = {
    EventKind.COLLECTED: _collected,
    EventKind.VOIDED: _taken_back,
    EventKind.CONFIRMED: _redeemed,
    EventKind.CANCELLED: _cancelled,
    EventKind.REFUNDED: _refunded,
    EventKind.EXPIRED: _expired,
    EventKind.REFUSED: _refused,
    EventKind.REVIEWED: _reviewed,
}
