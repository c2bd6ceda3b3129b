"""What happened to a customer's cards, step by step, and the order in which it was written down."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from loyalty.base.tokens import RANDOM_BITS
from loyalty.counting.level_table import LevelTable
from loyalty.counting.visit import Visit
from loyalty.events.details import NOT_SAID, NotSaid
from loyalty.models import Event
from loyalty.switches import Reward

Gifts = Mapping[int, Reward]
Moment = tuple[int, datetime, int]
# The level table in force, counted from the first one on, and the moment.
Key = tuple[int, Moment]


@dataclass(frozen=True, slots=True)
class PastSale:
    """One collected session: `points` before any level counts, `card_reward` of a card it fills.

    `near` is the year of the birthday that it was near enough to, as was known then;
    `is_known`: another address of the person had collected before; `is_limited`: the limit on
    rises held for it, and counted `rises_elsewhere` at other addresses.
    """

    session_id: int
    card_id: int
    program_id: int
    points: int
    visit: Visit
    card_reward: Reward
    near: int | None = None
    is_known: bool = False
    is_imported: bool = False
    is_limited: bool = True
    rises_elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The daily job ended open units of a card whose time was over."""

    card_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class UndoDebt:
    """An undo left a debt: units by counter, for so many `bonuses` that were used already.

    `cards` says how many of them each counter has. `streaks` are bonuses of a streak that were
    used: the next ones pay for them. `kept` are the occasions of used bonuses that stay given, with
    their cards; `gone` those that were taken. `event` is the line of the log that says so.
    """

    card_id: int
    at: datetime
    units: Mapping[int | None, int] = field(default_factory=dict)
    bonuses: int = 0
    streaks: int = 0
    kept: Mapping[str, int] = field(default_factory=dict)
    gone: Sequence[str] = ()
    cards: Mapping[int | None, int] = field(default_factory=dict)
    event: int = 0


@dataclass(frozen=True, slots=True)
class LevelTableChange:
    """An owner changed the levels; who held level `n` holds `moved[n]` now."""

    level_table: LevelTable
    gifts: Gifts
    moved: Sequence[int]


@dataclass(frozen=True, slots=True)
class LevelReview:
    """A manager decided about a held rise; the gifts of an approved one lie on this card."""

    at: datetime
    is_approved: bool
    card_id: int | None = None


Step = PastSale | WriteOff | UndoDebt | LevelTableChange | LevelReview


@dataclass(frozen=True, slots=True)
class HistoryStart:
    """What holds before the first step; `taken` are occasions that other addresses used up."""

    level_table: LevelTable = field(default_factory=LevelTable)
    gifts: Gifts = field(default_factory=dict)
    taken: frozenset[str] = frozenset()


def without(steps: Sequence[Step], session_id: int) -> list[Step]:
    """All that happened but one sale."""
    return [
        step for step in steps if not (isinstance(step, PastSale) and step.session_id == session_id)
    ]


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

    Those of one card by its versions; a sale between the level table that it was counted by and the
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
        # A level table comes before all that was counted by it.
        key = (
            epoch,
            (0, place.at, place.number) if isinstance(step, LevelTableChange) else _moment(place),
        )
        latest = max(latest, key) if latest else key
        yield latest, step


def _epochs(ordered: Sequence[StepLine], level_tables: Sequence[LinePlace]) -> list[int]:
    # How many level tables came before each line. An owner's change has its time before it is
    # seen, so a sale says which one it saw; what does not say goes by its time, and not past a
    # later sale.
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
