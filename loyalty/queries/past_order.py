"""The order in which a customer's past was written down."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from loyalty.models import Event
from loyalty.rules.past import Step
from loyalty.tokens import RANDOM_BITS

Key = tuple[int, datetime, int]


class Line(NamedTuple):
    """A step and the line of the log that it was read from."""

    event: Event
    step: Step


def in_order(lines: Iterable[Line]) -> Iterator[Step]:
    """The steps as they were written.

    Those of one card by its versions. Between cards by the millisecond that is in each number;
    within one of them by the moment of the scan, which is how queued ones are granted.
    """
    of_card: defaultdict[int | None, list[Line]] = defaultdict(list)
    for line in lines:
        of_card[line.event.card_id].append(line)
    for step in merge(*map(_keyed, of_card.values()), key=lambda found: found[0]):
        yield step[1]


def _keyed(lines: list[Line]) -> Iterator[tuple[Key, Step]]:
    # Clocks may have gone back: a later version of a card never comes before an older one.
    latest: Key | None = None
    for event, step in sorted(lines, key=_place):
        key = (event.pk >> RANDOM_BITS, event.at, event.session_id or event.pk)
        latest = max(latest, key) if latest else key
        yield latest, step


def _place(line: Line) -> tuple[int, int]:
    return line.event.card_version or 0, line.event.pk
