"""A person's cards counted anew from their sales: what an undo compares, and what books must be.

The sales are taken in the order of their scans; each is judged by the version that its card had
promised then.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from loyalty.rules.activity import Activity, Past, leaving
from loyalty.rules.birthday import Birthday
from loyalty.rules.ladder import Given, Ladder
from loyalty.rules.levels import Standing, climb
from loyalty.rules.occasions import Person, Present, bonus_end, level_present, presents
from loyalty.rules.visit import CardState, Visit, Visited, apply
from loyalty.switches import Gift


@dataclass(frozen=True, slots=True)
class PastSale:
    """One collected session: `points` before any level counts, `card_gift` of a card it fills."""

    session_id: int
    card_id: int
    program_id: int
    points: int
    visit: Visit
    card_gift: Gift


@dataclass(frozen=True, slots=True)
class Known:
    """What holds for the whole history; `is_new`: no other address of the person came before."""

    birthday: Birthday | None = None
    standing: Standing = field(default_factory=Standing)
    ladder: Ladder = field(default_factory=Ladder)
    level_gifts: Mapping[int, Gift] = field(default_factory=dict)
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Raised:
    """A bonus that a sale raised."""

    card_id: int
    session_id: int
    present: Present
    at: datetime
    expires_at: datetime | None

    @property
    def key(self) -> tuple[int, str, int | None, int | None, str]:
        """What makes two bonuses the same: which of them it is does not matter."""
        each = self.present
        return self.card_id, each.source, each.tier_id, each.level_id, each.occasion


@dataclass(slots=True)
class History:
    """Where the sales lead: the cards, the points of each session, the bonuses, the level.

    `consumed` are the units that completions took from each counter.
    """

    cards: dict[int, CardState] = field(default_factory=dict)
    visits: Counter[int] = field(default_factory=Counter)
    points: dict[int, int] = field(default_factory=dict)
    raised: list[Raised] = field(default_factory=list)
    consumed: Counter[tuple[int, int | None]] = field(default_factory=Counter)
    standing: Standing = field(default_factory=Standing)
    activity: Activity = field(default_factory=Activity)

    def balance(self, card_id: int, tier_id: int | None) -> int:
        """Open units less debt of one counter."""
        found = self.cards.get(card_id, CardState()).balances.get(tier_id)
        return found.open - found.debt if found else 0

    def count(self) -> Counter[tuple[int, str, int | None, int | None, str]]:
        """How many bonuses of each kind were raised."""
        return Counter(each.key for each in self.raised)


def replay(sales: Iterable[PastSale], known: Known) -> History:
    """The history of these sales and no others."""
    history = History(standing=Standing(trusted_at=known.standing.trusted_at))
    inside = deque[Given]()
    for sale in sorted(sales, key=lambda each: (each.visit.at, each.session_id)):
        _add(history, sale, known, inside)
    return history


def _add(history: History, sale: PastSale, known: Known, inside: deque[Given]) -> None:
    visit, card_id = sale.visit, sale.card_id
    visited = apply(history.cards.get(card_id, CardState()), visit)
    past = Past(history.activity, leaving(inside, known.ladder, at=visit.at))
    rise = climb(history.standing, past, known.ladder, base=sale.points, at=visit.at)
    is_new = known.is_new and not history.points
    found = _presents(history, sale, visited, known, is_new=is_new)
    had = {each.present.occasion for each in history.raised}
    for rung in rise.reached:
        if gift := known.level_gifts.get(rung.id):
            present = level_present(rung.id, gift, at=visit.at, zone=visit.zone)
            found += [present] if present.occasion not in had else []
    history.cards[card_id] = visited.card
    history.visits[card_id] += 1
    history.points[sale.session_id] = rise.points
    history.standing, history.activity = rise.standing, rise.activity
    history.raised += [_raised(sale, each) for each in found]
    for tier, each in visited.credits.items():
        entries = (entry.units for entry in each.movements if entry.kind == "complete")
        history.consumed[card_id, tier] -= sum(entries)
    inside.append(rise.given(visit.at))


def _presents(
    history: History, sale: PastSale, visited: Visited, known: Known, *, is_new: bool
) -> list[Present]:
    visit = sale.visit
    who = Person(
        birthday=known.birthday,
        known={each.present.occasion for each in history.raised if each.present.occasion},
        past_bonuses=sum(each.card_id == sale.card_id for each in history.raised),
        is_new=is_new,
    )
    found = [Present("card", sale.card_gift, tier_id=tier) for tier in visited.completed]
    if visited.is_streak_due and visit.switches.streak:
        found.append(Present("streak", visit.switches.streak.gift))
    more = presents(who, visit.switches, program_id=sale.program_id, at=visit.at, zone=visit.zone)
    return [*found, *more]


def _raised(sale: PastSale, present: Present) -> Raised:
    visit = sale.visit
    ends_at = bonus_end(present.gift, visit.switches, at=visit.at, zone=visit.zone)
    return Raised(sale.card_id, sale.session_id, present, visit.at, ends_at)


def without(sales: Sequence[PastSale], session_id: int) -> list[PastSale]:
    """All sales but one."""
    return [sale for sale in sales if sale.session_id != session_id]
