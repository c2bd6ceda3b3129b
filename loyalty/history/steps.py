"""What happened to a person's cards, step by step, in the order in which it was written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from loyalty.counting.level_table import LevelTable
from loyalty.counting.visit import Visit
from loyalty.switches import Reward

Gifts = Mapping[int, Reward]


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
