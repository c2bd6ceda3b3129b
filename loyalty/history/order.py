"""The order in which a customer's past was written down."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from loyalty.base.tokens import RANDOM_BITS
from loyalty.events.details import NOT_SAID, NotSaid
from loyalty.history.steps import LevelTableChange, Step
from loyalty.models import Event

Moment = tuple[int, datetime, int]
# The ladder in force, counted from the first one on, and the moment.
Key = tuple[int, Moment]


class LinePlace(NamedTuple):
    """Where a line of the log stands: its number, its moment, and what it says of its order.

    `levels_set_by` is the event whose levels it was counted by, if the line says that.
    """

    number: int
    at: datetime
    session_id: int | None = None
    card_id: int | None = None
    card_version: int | None = None
    levels_set_by: int | NotSaid | None = NOT_SAID


class StepLine(NamedTuple):
    """A step, and the place of the line that it was read from."""

    place: LinePlace
    step: Step


def place_of(event: Event, *, levels_set_by: int | NotSaid | None = NOT_SAID) -> LinePlace:
    """The place of this line."""
    return LinePlace(
        event.pk, event.at, event.session_id, event.card_id, event.card_version, levels_set_by
    )


def in_order(lines: Iterable[StepLine]) -> Iterator[Step]:
    """The steps as they were written.

    Those of one card by its versions; a sale between the ladder that it was counted by and the
    next one. Between cards by the millisecond that is in each number; within one of them by the
    moment of the scan, which is how queued ones are granted.
    """
    of_card: defaultdict[int | None, list[StepLine]] = defaultdict(list)
    level_tables = list[LinePlace]()
    for line in lines:
        of_card[line.place.card_id].append(line)
        if isinstance(line.step, LevelTableChange):
            level_tables.append(line.place)
    level_tables.sort(key=_moment)
    keyed = (_keyed(each, level_tables) for each in of_card.values())
    for step in merge(*keyed, key=lambda found: found[0]):
        yield step[1]


def _keyed(lines: list[StepLine], level_tables: Sequence[LinePlace]) -> Iterator[tuple[Key, Step]]:
    # Clocks may have gone back: a later version of a card never comes before an older one.
    latest: Key | None = None
    ordered = sorted(lines, key=_by_version)
    for (place, step), epoch in zip(ordered, _epochs(ordered, level_tables), strict=True):
        # A ladder comes before all that was counted by it.
        key = (
            epoch,
            (0, place.at, place.number) if isinstance(step, LevelTableChange) else _moment(place),
        )
        latest = max(latest, key) if latest else key
        yield latest, step


def _epochs(ordered: Sequence[StepLine], level_tables: Sequence[LinePlace]) -> list[int]:
    # How many ladders came before each line. An owner's change has its time before it is seen, so
    # a sale says which one it saw; what does not say goes by its time, and not past a later sale.
    numbers = [each.number for each in level_tables]
    moments = [_moment(each) for each in level_tables]
    most, found = len(level_tables), list[int]()
    for place, _ in reversed(ordered):
        if place.levels_set_by is NOT_SAID:
            found.append(min(most, bisect_right(moments, _moment(place))))
        else:
            most = bisect_right(numbers, place.levels_set_by or 0)
            found.append(most)
    return found[::-1]


def _moment(place: LinePlace) -> Moment:
    return place.number >> RANDOM_BITS, place.at, place.session_id or place.number


def _by_version(line: StepLine) -> tuple[int, int]:
    return line.place.card_version or 0, line.place.number
