"""What one visit does to one card: the same for a scan, a queued grant, an import, a rebuild."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from loyalty.base.calendar import months_later
from loyalty.base.values import Mechanic
from loyalty.counting import streak
from loyalty.counting.completion import CounterCredit, credit
from loyalty.counting.streak import NO_STREAK, Streak
from loyalty.switches import NONE, Switches


@dataclass(frozen=True, slots=True)
class CounterBalance:
    """What a counter holds: never both positive."""

    open: int = 0
    debt: int = 0


@dataclass(frozen=True, slots=True)
class CardState:
    """A card before or after a visit; `units_end_at` is when its open units are over.

    `streaks_owed` streak bonuses were used and then lost their visits: the next ones pay.
    """

    balances: Mapping[int | None, CounterBalance] = field(default_factory=dict)
    streak: Streak = NO_STREAK
    streaks_owed: int = 0
    last_at: datetime | None = None
    units_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A sale as the card's rules see it; `units` by counter, `closed` weekdays (0 is Monday)."""

    at: datetime
    zone: str
    units: Mapping[int | None, int]
    mechanic: Mechanic
    switches: Switches = NONE
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class VisitResult:
    """The card after the visit, what happened to each counter, and whether a streak pays."""

    card: CardState
    credits: Mapping[int | None, CounterCredit]
    is_streak_due: bool

    @property
    def completed(self) -> list[int | None]:
        """The counter of each card that was filled."""
        return [tier for tier, each in self.credits.items() for _ in range(each.completed)]


def apply(card: CardState, visit: Visit) -> VisitResult:
    """The card after one more visit."""
    counted = _credits(card, visit)
    balances = {tier: CounterBalance(each.open, each.debt) for tier, each in counted.items()}
    after, is_reached = _streak(card, visit)
    latest = max(visit.at, card.last_at) if card.last_at else visit.at
    state = CardState(
        balances={**card.balances, **balances},
        streak=after,
        streaks_owed=max(0, card.streaks_owed - is_reached),
        last_at=latest,
        units_end_at=_end(card, visit, latest=latest),
    )
    return VisitResult(state, counted, is_reached and not card.streaks_owed)


def without_expired(card: CardState, *, now: datetime) -> CardState:
    """The card as it reads now: open units whose time is over do not count."""
    if card.units_end_at is None or now < card.units_end_at:
        return card
    return replace(
        card, balances={t: CounterBalance(0, each.debt) for t, each in card.balances.items()}
    )


def units_end(last_at: datetime, switches: Switches, *, zone: str) -> datetime | None:
    """The end, in UTC, of the last day on which open units count; None: they never expire."""
    if switches.units_expire_after is None:
        return None
    return months_later(last_at, switches.units_expire_after, zone)


def _end(card: CardState, visit: Visit, *, latest: datetime) -> datetime | None:
    # The latest visit said when, in the zone of its own location; an earlier one that comes to
    # light now may have been elsewhere.
    if card.units_end_at is not None and visit.at < latest:
        return card.units_end_at
    return units_end(latest, visit.switches, zone=visit.zone)


def _credits(card: CardState, visit: Visit) -> dict[int | None, CounterCredit]:
    is_over = card.units_end_at is not None and visit.at >= card.units_end_at
    touched = {*visit.units}
    if is_over:
        touched |= {tier for tier, each in card.balances.items() if each.open}
    found = {}
    for tier in sorted(touched, key=lambda each: each or 0):
        before = card.balances.get(tier, CounterBalance())
        found[tier] = credit(
            open_units=before.open,
            debt=before.debt,
            units=visit.units.get(tier, 0),
            threshold=visit.mechanic.threshold,
            surplus=visit.mechanic.surplus,
            is_over=is_over,
        )
    return found


def _streak(card: CardState, visit: Visit) -> tuple[Streak, bool]:
    rule, before = visit.switches.streak, card.streak
    # A visit that comes to light late is no next day; where it belongs is seen from all of them.
    is_late = card.last_at is not None and visit.at < card.last_at
    if rule is None or is_late:
        return before, False
    return streak.visit(before, rule, at=visit.at, zone=visit.zone, closed=visit.closed)
