"""What happened, in the order in which it happened: all that the naive model knows."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.switches import Switches
from loyalty.values import Mechanic

Tier = int | None


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
    """A sale reached its customer; `at` is the scan, `edition` what it was minted under.

    `amount` for programs that count money, `lines` are pieces by tier for those with a menu.
    """

    session: int
    customer: int
    program: int
    zone: str
    at: datetime
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
    """Staff gave a bonus."""

    customer: int
    program: int
    bonus: BonusKey
    tier: Tier


@dataclass(frozen=True)
class Refunded:
    """A manager took that back."""

    customer: int
    program: int
    bonus: BonusKey
    tier: Tier


@dataclass(frozen=True)
class Voided:
    """Staff took a sale back."""

    session: int


Step = Published | Sold | Used | Refunded | Voided


@dataclass(frozen=True)
class Rung:
    """A level."""

    name: str
    threshold: int
    percent: int
    has_gift: bool


@dataclass(frozen=True)
class House:
    """What does not change while the story is told: birthdays by customer, the levels."""

    birthdays: dict[int, tuple[int, int]]
    rungs: tuple[Rung, ...] = ()
    period_days: int = 20
    grace_days: int = 5
