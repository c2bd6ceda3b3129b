"""What happened, in the order in which it happened: all that the naive model knows."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.base.values import Mechanic
from loyalty.switches import Switches

Tier = int | None
Once = tuple[object, ...] | None


@dataclass(frozen=True)
class Edition:
    """One version of a program."""

    number: int
    mechanic: Mechanic
    switches: Switches


@dataclass(frozen=True)
class Published:
    """The owner froze new numbers."""

    program: int
    edition: Edition


@dataclass(frozen=True)
class Sold:
    """A sale reached its customer; `at` is the scan, `tapped_at` and `edition` made the code.

    `amount` for programs that count money, `lines` are pieces by tier for those with a menu.
    """

    session: int
    customer: int
    program: int
    zone: str
    at: datetime
    tapped_at: datetime
    edition: Edition
    amount: int = 0
    lines: tuple[tuple[Tier, int], ...] = ()


@dataclass(frozen=True, order=True)
class BonusKey:
    """A bonus by what raised it; `number` counts those of one sale and one source."""

    session: int
    source: str
    number: int


@dataclass(frozen=True)
class Used:
    """Staff gave a bonus; `once` is what a person gets it for once, if it is such a one."""

    customer: int
    program: int
    bonus: BonusKey
    tier: Tier
    once: Once


@dataclass(frozen=True)
class Refunded:
    """A manager took that back."""

    customer: int
    program: int
    bonus: BonusKey
    tier: Tier
    once: Once
    at: datetime


@dataclass(frozen=True)
class Voided:
    """Staff took a sale back."""

    session: int
    at: datetime


@dataclass(frozen=True)
class Scanned:
    """Somebody's scan waits for them to sign in, until it is given up."""

    customer: int
    program: int
    at: datetime
    until: datetime


@dataclass(frozen=True)
class Swept:
    """The daily round wrote off what was over, but for bonuses that are just being redeemed."""

    at: datetime
    held: frozenset[BonusKey]
    waiting: tuple[Scanned, ...]


@dataclass(frozen=True)
class Reviewed:
    """A manager decided about a level that was held; its gifts go to the card of this program."""

    customer: int
    at: datetime
    is_approved: bool
    program: int


@dataclass(frozen=True)
class BirthdaySet:
    """A customer said when their birthday is (month and day), or took it back."""

    customer: int
    at: datetime
    day: tuple[int, int] | None


Step = Published | Sold | Used | Refunded | Voided | Swept | Reviewed | BirthdaySet


@dataclass(frozen=True)
class Rung:
    """A level."""

    name: str
    threshold: int
    percent: int
    has_gift: bool


@dataclass(frozen=True)
class House:
    """What does not change while the story is told: the levels, and how fast one may rise.

    Only the owner of a restless one changes numbers; what an undo then does to promises is a rule
    of its own.
    """

    rungs: tuple[Rung, ...] = ()
    is_restless: bool = False
    most_rises: int | None = None
    rises_within_days: int = 10
    period_days: int = 20
    grace_days: int = 5
