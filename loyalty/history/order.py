"""The order in which a customer's past was written down."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from loyalty.base.tokens import RANDOM_BITS
from loyalty.history.steps import LevelTableChange, Step
from loyalty.models import Event

Moment = tuple[int, datetime, int]
# The ladder in force, counted from the first one on, and the moment.
Key = tuple[int, Moment]


class StepLine(NamedTuple):
    """A step and the line of the log that it was read from."""

    event: Event
    step: Step


def in_order(lines: Iterable[StepLine]) -> Iterator[Step]:
    """The steps as they were written.

    Those of one card by its versions; a sale between the ladder that it was counted by and the
    next one. Between cards by the millisecond that is in each number; within one of them by the
    moment of the scan, which is how queued ones are granted.
    """
    of_card: defaultdict[int | None, list[StepLine]] = defaultdict(list)
    level_tables = list[Event]()
    for line in lines:
        of_card[line.event.card_id].append(line)
        if isinstance(line.step, LevelTableChange):
            level_tables.append(line.event)
    level_tables.sort(key=_moment)
    keyed = (_keyed(each, level_tables) for each in of_card.values())
    for step in merge(*keyed, key=lambda found: found[0]):
        yield step[1]


def _keyed(lines: list[StepLine], level_tables: Sequence[Event]) -> Iterator[tuple[Key, Step]]:
    # Clocks may have gone back: a later version of a card never comes before an older one.
    latest: Key | None = None
    ordered = sorted(lines, key=_place)
    for (event, step), epoch in zip(ordered, _epochs(ordered, level_tables), strict=True):
        # A ladder comes before all that was counted by it.
        key = (
            epoch,
            (0, event.at, event.pk) if isinstance(step, LevelTableChange) else _moment(event),
        )
        latest = max(latest, key) if latest else key
        yield latest, step


def _epochs(ordered: Sequence[StepLine], level_tables: Sequence[Event]) -> list[int]:
    # How many ladders came before each line. An owner's change has its time before it is seen, so
    # a sale says which one it saw; what does not say goes by its time, and not past a later sale.
    numbers, moments = [each.pk for each in level_tables], [_moment(each) for each in level_tables]
    most, found = len(level_tables), list[int]()
    for event, step in reversed(ordered):
        details = event.details or {}
        if "ladder" in details and not isinstance(step, LevelTableChange):
            most = bisect_right(numbers, details["ladder"] or 0)
            found.append(most)
        else:
            found.append(min(most, bisect_right(moments, _moment(event))))
    return found[::-1]


def _moment(event: Event) -> Moment:
    return event.pk >> RANDOM_BITS, event.at, event.session_id or event.pk


def _place(line: StepLine) -> tuple[int, int]:
    return line.event.card_version or 0, line.event.pk
