"""The naive model's picture of the business: plain things that anybody may change."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from tests.model.history import BonusKey, Edition, Once, Sold, Tier
from tests.model.naive_birthday import Birthday
from tests.model.naive_levels import Points, Standing

Owner = tuple[int, int]


@dataclass
class Bonus:
    """A reward on a card; `tier` of a level's is the level's threshold."""

    key: BonusKey
    tier: Tier
    status: str
    expires_at: datetime | None
    once: Once = None

    @property
    def kind(self) -> tuple[str, Tier, Once]:
        """What makes two bonuses of a card alike."""
        return self.key.source, self.tier, self.once


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


@dataclass(frozen=True)
class Debt:
    """So many bonuses of one kind that were used, and are not earned any more."""

    owner: Owner
    kind: tuple[str, Tier, Once]
    count: int


@dataclass
class World:
    """All cards by customer and program, all points by customer, what was given once."""

    cards: dict[Owner, Card] = field(default_factory=dict)
    current: dict[int, Edition] = field(default_factory=dict)
    points: dict[int, list[Points]] = field(default_factory=dict)
    standing: dict[int, Standing] = field(default_factory=dict)
    birthdays: dict[int, Birthday] = field(default_factory=dict)
    # What a person gets once: a welcome, a birthday of a program, a level in a calendar year.
    had: set[Once] = field(default_factory=set)
    visitors: set[int] = field(default_factory=set)
    latest: dict[int, Sold] = field(default_factory=dict)
    # A sale was taken back, or came to light late: which of some like bonuses is which, is open.
    is_vague: bool = False
    used: Counter[tuple[Owner, tuple[str, Tier, Once]]] = field(default_factory=Counter)


def blank(edition: Edition) -> Card:
    """The card of somebody whose every sale was taken back."""
    return Card(edition)
