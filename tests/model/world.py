"""The naive model's picture of the business: plain things that anybody may change."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from tests.model.history import BonusKey, Edition, Sold, Tier
from tests.model.naive_levels import Points


@dataclass
class Bonus:
    """A reward on a card; `tier` of a level's is the level's threshold."""

    key: BonusKey
    tier: Tier
    status: str
    expires_at: datetime | None


@dataclass
class Card:
    """Everything that the product has to know of one customer in one program."""

    edition: Edition
    changes: int = 0
    visits: int = 0
    points: int = 0
    last_at: datetime | None = None
    last_zone: str = ""
    units_end_at: datetime | None = None
    open: dict[Tier, int] = field(default_factory=dict)
    earned: dict[Tier, int] = field(default_factory=dict)
    consumed: dict[Tier, int] = field(default_factory=dict)
    forfeited: dict[Tier, int] = field(default_factory=dict)
    expired: dict[Tier, int] = field(default_factory=dict)
    streak_days: int = 0
    streak_at: datetime | None = None
    streak_zone: str = ""
    streak_freezes: int = 0
    streaks_owed: int = 0
    bonuses: list[Bonus] = field(default_factory=list)
    debt: dict[Tier, int] = field(default_factory=dict)
    sales: list[tuple[Sold, Edition]] = field(default_factory=list)


@dataclass
class World:
    """All cards by customer and program, all points by customer, what was given once."""

    cards: dict[tuple[int, int], Card] = field(default_factory=dict)
    current: dict[int, Edition] = field(default_factory=dict)
    points: dict[int, list[Points]] = field(default_factory=dict)
    occasions: set[tuple[object, ...]] = field(default_factory=set)
    visitors: set[int] = field(default_factory=set)
    # A level's gift comes once a person and year.
    level_gifts: set[tuple[int, int, int]] = field(default_factory=set)
    # A sale was taken back, or came to light late: which of some like bonuses is which, is open.
    is_vague: bool = False
    used: Counter[tuple[tuple[int, int], str, Tier]] = field(default_factory=Counter)


def blank(edition: Edition) -> Card:
    """The card of somebody whose every sale was taken back."""
    return Card(edition)
