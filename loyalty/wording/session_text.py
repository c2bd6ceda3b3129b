"""What became of a session in words, for managers: roles instead of names, no addresses."""

from datetime import datetime

from django.utils.translation import gettext, gettext_noop, ngettext

from loyalty.base.events import EventKind
from loyalty.explaining import SessionLine, SessionStory
from loyalty.wording.amounts import units
from loyalty.wording.card_text import came_of_it, refused_text
from loyalty.wording.moments import moment, one_stop
from loyalty.wording.moved_text import by_tier, by_tier_less, happy_text, trimmed_text
from loyalty.wording.taken_back_text import points_less, taken_back_text

_BY = {
    "staff": gettext_noop("staff"),
    "manager": gettext_noop("a manager"),
    "owner": gettext_noop("an owner"),
}


def session_text(story: SessionStory) -> list[str]:
    """The story line by line, the tap first."""
    trimmed = trimmed_text(story.untrimmed, story.units, currency=_currency(story))
    lines = [_minted(story), _numbers(story), *happy_text(_times(story)), *trimmed]
    for line in story.lines:
        lines += _line(story, line)
    if story.is_over:
        lines.append(gettext("Nobody collected it in time: nothing was given."))
    return lines


def _times(story: SessionStory) -> int:
    return int(story.policy.get("times", 1))


def _minted(story: SessionStory) -> str:
    said = {
        "who": _who(story.by),
        "place": story.location,
        "when": _when(story, story.minted_at),
        "units": _units(story, story.units),
        "program": story.program,
        "amount": units(story.amount or 0, currency=story.currency),
        "preset": story.preset or "",
        "device": story.device or "",
    }
    if story.amount is not None and not story.counts_money:
        first = gettext("Made by %(who)s at %(place)s, %(when)s: %(units)s for %(amount)s.")
    else:
        first = gettext("Made by %(who)s at %(place)s, %(when)s: %(units)s.")
    parts = [first % said, gettext("Program: %(program)s.") % said]
    if story.preset:
        parts.append(gettext("Button: %(preset)s.") % said)
    if story.device:
        parts.append(one_stop(gettext("Device: %(device)s.") % said))
    return " ".join(parts)


def _numbers(story: SessionStory) -> str:
    """The policy snapshot of the tap."""
    rules, policy = story.mechanic, story.policy
    parts = [
        gettext("By version %(number)s of the rules a full card takes %(units)s.")
        % {"number": story.version, "units": _units(story, rules.threshold)}
    ]
    if rules.step:
        step = {
            "step": units(rules.step, currency=story.currency),
            "units": _units(story, 1),
        }
        parts.append(gettext("Each %(step)s gives %(units)s.") % step)
    if rules.minimum:
        least = {"least": units(rules.minimum, currency=story.currency)}
        parts.append(gettext("The receipt has to reach %(least)s.") % least)
    if rules.max_units_per_scan:
        most = {"units": _units(story, rules.max_units_per_scan)}
        parts.append(gettext("One scan gives at most %(units)s.") % most)
    if minutes := policy.get("cooldown_minutes"):
        text = ngettext(
            "A customer can use this button once a minute.",
            "A customer can use this button once in %(n)s minutes.",
            minutes,
        )
        parts.append(text % {"n": minutes})
    if visits := policy.get("daily_cap"):
        text = ngettext("%(n)s visit a day counts.", "%(n)s visits a day count.", visits)
        parts.append(text % {"n": visits})
    return " ".join(parts)


def _line(story: SessionStory, line: SessionLine) -> list[str]:
    when = {"when": _when(story, line.at)}
    match line.kind:
        case EventKind.QUEUED:
            return [gettext("Taken for an address, %(when)s; it waits to be confirmed.") % when]
        case EventKind.COLLECTED:
            return _collected(story, line)
        case EventKind.REFUSED:
            why = refused_text(line, zone=story.zone, now=story.now)
            return [one_stop(gettext("Not added, %(when)s.") % when) + " " + why]
        case EventKind.VOIDED:
            return _taken_back(story, line, when=when["when"])
        case _:
            return []


def _collected(story: SessionStory, line: SessionLine) -> list[str]:
    currency = _currency(story)
    counted = by_tier(line.units, line.moved, currency=currency)
    said = {"when": _when(story, line.at), "units": counted}
    lines = [gettext("Collected, %(when)s: %(units)s.") % said]
    if story.promised is not None and line.units != story.units:
        text = gettext("The card keeps what version %(number)s promised: %(units)s, not %(other)s.")
        other = _units(story, story.units)
        lines.append(text % {**said, "number": story.promised, "other": other})
    elif story.promised is not None:
        text = gettext("The card keeps what version %(number)s promised.")
        lines.append(text % {"number": story.promised})
    if line.times != _times(story):
        # By the older rules that the card promised.
        lines += happy_text(line.times)
    lines += trimmed_text(story.promised_up, line.units, currency=currency)
    if line.points:
        text = ngettext("It gave %(n)s point.", "It gave %(n)s points.", line.points)
        lines.append(text % {"n": line.points})
    if line.points != story.points:
        said_points = {"base": story.points, "given": line.points}
        lines.append(gettext("The level makes %(given)s points of %(base)s.") % said_points)
    return [*lines, *came_of_it(line, story.gifts, currency=currency)]


def _taken_back(story: SessionStory, line: SessionLine, *, when: str) -> list[str]:
    said = {"who": _who(line.by), "when": when}
    text = one_stop(gettext("Taken back by %(who)s, %(when)s.") % said)
    if line.reason:
        text += " " + one_stop(gettext("Reason: %(reason)s.") % {"reason": line.reason})
    return [text, *_went(story, line)]


def _went(story: SessionStory, line: SessionLine) -> list[str]:
    """What went with the sale, in one line; nothing where it had not counted yet."""
    collected = [each for each in story.lines if each.kind == EventKind.COLLECTED]
    if not collected:
        return [gettext("It had not counted yet.")]
    currency = _currency(story)
    less = by_tier_less(collected[-1].units, line.moved, currency=currency)
    parts = [gettext("With it went: %(less)s.") % {"less": less}, *points_less(line.points)]
    if line.taken_back:
        parts += taken_back_text(
            line.taken_back, currency=currency, is_own=False, is_open=line.moved.is_open
        )
    return [" ".join(parts)]


def _who(role: str | None) -> str:
    return gettext(_BY[role]) if role else gettext("an import")


def _when(story: SessionStory, at: datetime) -> str:
    return moment(at, story.zone)


def _units(story: SessionStory, count: int) -> str:
    return units(count, currency=_currency(story))


def _currency(story: SessionStory) -> str | None:
    return story.currency if story.counts_money else None
