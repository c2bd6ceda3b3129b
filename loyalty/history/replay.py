"""A customer's cards counted again from what happened: for undos, and for the proof of books.

Everything is taken in the order in which it was written: a scan that was granted late met the card
as it was then. Only the streak is one of days: a late scan joins it where it belongs.
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter

from loyalty.base.states import BonusSource, EntryKind
from loyalty.counting import streak
from loyalty.counting.activity import Activity, counted, later, past_at
from loyalty.counting.approval import approved_rise
from loyalty.counting.level_table import LevelTable, VisitPoints
from loyalty.counting.levels import LevelStatus
from loyalty.counting.occasions import EarnedReward, Person, bonus_end
from loyalty.counting.sale import LevelFacts, SaleOnCard, count_sale, level_rewards
from loyalty.counting.streak import NO_STREAK
from loyalty.counting.visit import CardState, CounterBalance, without_expired
from loyalty.history.steps import (
    Gifts,
    HistoryStart,
    LevelReview,
    LevelTableChange,
    PastSale,
    Step,
    UndoDebt,
    WriteOff,
)

_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class RaisedBonus:
    """A bonus that a sale raised; without a session it came with a level that was approved."""

    card_id: int
    session_id: int | None
    earned_reward: EarnedReward
    at: datetime
    expires_at: datetime | None

    @property
    def key(self) -> tuple[int, str, int | None, str]:
        """What makes two bonuses the same: which of them it is does not matter."""
        each = self.earned_reward
        return self.card_id, each.source, each.tier_id, each.occasion


@dataclass(slots=True)
class CardHistory:
    """Where the steps lead: the cards, the points of each session, the bonuses, the standing.

    `consumed` are the units that completions took from each counter, `owed` the bonuses of a card
    that were used and lost their sale, `kept` the cards of those with an occasion: they stay given.
    """

    level_table: LevelTable = field(default_factory=LevelTable)
    gifts: Gifts = field(default_factory=dict)
    had: set[str] = field(default_factory=set)
    cards: dict[int, CardState] = field(default_factory=dict)
    visits: Counter[int] = field(default_factory=Counter)
    points: dict[int, int] = field(default_factory=dict)
    raised: list[RaisedBonus] = field(default_factory=list)
    consumed: Counter[tuple[int, int | None]] = field(default_factory=Counter)
    level_status: LevelStatus = field(default_factory=LevelStatus)
    given: list[VisitPoints] = field(default_factory=list)
    activity: Activity = field(default_factory=Activity)
    days: defaultdict[int, list[PastSale]] = field(default_factory=lambda: defaultdict(list))
    owed: Counter[int] = field(default_factory=Counter)
    streaks_owed: Counter[int] = field(default_factory=Counter)
    kept: dict[str, int] = field(default_factory=dict)
    latest: PastSale | None = None

    def balance(self, card_id: int, tier_id: int | None) -> int:
        """Open units less debt of one counter."""
        found = self.cards.get(card_id, CardState()).balances.get(tier_id)
        return found.open - found.debt if found else 0

    def count(self) -> Counter[tuple[int, str, int | None, str]]:
        """How many bonuses of each kind were raised."""
        return Counter(each.key for each in self.raised)

    def past_bonuses(self, card_id: int) -> int:
        """The bonuses that the card has seen, those included that stay given without their sale."""
        # What stays given for an occasion is not given for it again.
        new = [each for each in self.raised if each.earned_reward.occasion not in self.kept]
        raised = sum(each.card_id == card_id for each in new)
        kept = sum(lies_on == card_id for lies_on in self.kept.values())
        return raised + kept + self.owed[card_id] + self.streaks_owed[card_id]


def replay(steps: Iterable[Step], known: HistoryStart) -> CardHistory:
    """The history of these steps and no others, in this order."""
    history = CardHistory(known.level_table, known.gifts, set(known.taken))
    for step in steps:
        match step:
            case PastSale():
                _sell(history, step)
            case WriteOff():
                _write_off(history, step)
            case UndoDebt():
                owe(history, step)
            case LevelTableChange():
                _move(history, step)
            case LevelReview():
                _review(history, step)
    return history


def owe(history: CardHistory, step: UndoDebt) -> None:
    """The card owes from now on; what lay too long pays nothing."""
    history.owed[step.card_id] += step.bonuses
    history.streaks_owed[step.card_id] += step.streaks
    history.kept.update(step.kept)
    for occasion in step.gone:
        history.kept.pop(occasion, None)
    if not step.units:
        return
    card = without_expired(history.cards.get(step.card_id, CardState()), now=step.at)
    balances = dict(card.balances)
    for tier, units in step.units.items():
        before = balances.get(tier, CounterBalance())
        left = before.open - before.debt - units
        balances[tier] = CounterBalance(max(left, 0), max(-left, 0))
    history.cards[step.card_id] = replace(card, balances=balances)


def _sell(history: CardHistory, sale: PastSale) -> None:
    visit, card_id = sale.visit, sale.card_id
    before = history.cards.get(card_id, CardState())
    counted_sale = count_sale(_on_card(history, sale, before))
    rise = counted_sale.level_change
    history.level_status, history.activity = rise.level_status, rise.activity
    insort(history.given, rise.given(visit.at), key=_at)
    _take(history, counted_sale.rewards, sale)
    history.cards[card_id] = counted_sale.visit_result.card
    history.visits[card_id] += 1
    history.points[sale.session_id] = rise.points
    history.raised += [_raised(sale, each) for each in counted_sale.rewards]
    for tier, each in counted_sale.visit_result.credits.items():
        entries = (entry.units for entry in each.movements if entry.kind == EntryKind.COMPLETE)
        history.consumed[card_id, tier] -= sum(entries)
    if history.latest is None or visit.at >= history.latest.visit.at:
        history.latest = sale
    _count_day(history, sale, is_late=before.last_at is not None and visit.at < before.last_at)


def _on_card(history: CardHistory, sale: PastSale, card: CardState) -> SaleOnCard:
    table, at = history.level_table, sale.visit.at
    return SaleOnCard(
        visit=sale.visit,
        program_id=sale.program_id,
        points=sale.points,
        card=card,
        card_reward=sale.card_reward,
        person=Person(
            near=sale.near,
            known=history.had,
            past_bonuses=history.past_bonuses(sale.card_id),
            is_new=not sale.is_known and not history.points,
        ),
        levels=LevelFacts(
            history.level_status,
            past_at(history.given, history.activity, table, at=at),
            table,
            history.gifts.get,
            sale.is_limited,
            sale.rises_elsewhere,
        ),
    )


def _take(history: CardHistory, found: Iterable[EarnedReward], sale: PastSale) -> None:
    for each in found:
        if each.occasion:
            history.had.add(each.occasion)
        if each.source == BonusSource.STREAK and history.streaks_owed[sale.card_id]:
            history.streaks_owed[sale.card_id] -= 1


def _count_day(history: CardHistory, sale: PastSale, *, is_late: bool) -> None:
    # An import behind later visits moves no streak.
    if sale.visit.switches.streak is None or (is_late and sale.is_imported):
        return
    card_id, days = sale.card_id, history.days[sale.card_id]
    insort(days, sale, key=attrgetter("visit.at"))
    if not is_late:
        return
    state, found = NO_STREAK, list[RaisedBonus]()
    for each in days:
        if rule := each.visit.switches.streak:
            visit = each.visit
            state, is_reached = streak.visit(
                state, rule, at=visit.at, zone=visit.zone, closed=visit.closed
            )
            found += (
                [_raised(each, EarnedReward(BonusSource.STREAK, rule.gift))] if is_reached else []
            )
    history.cards[card_id] = replace(history.cards[card_id], streak=state)
    others = [each for each in history.raised if each.key[:2] != (card_id, BonusSource.STREAK)]
    more = max(0, len(others) + len(found) - len(history.raised))
    history.streaks_owed[card_id] -= min(more, history.streaks_owed[card_id])
    history.raised = [*others, *found]


def _write_off(history: CardHistory, step: WriteOff) -> None:
    card = history.cards.get(step.card_id)
    if card is not None and card.units_end_at is not None and step.at >= card.units_end_at:
        over = without_expired(card, now=step.at)
        history.cards[step.card_id] = replace(over, units_end_at=None)


def _move(history: CardHistory, step: LevelTableChange) -> None:
    history.level_table, history.gifts = step.level_table, step.gifts
    if history.given:
        history.activity = counted(history.given, step.level_table, at=history.given[-1].at)
    level_index = history.level_status.level_index
    moved = step.moved[level_index] if level_index < len(step.moved) else level_index
    history.level_status = replace(history.level_status, level_index=moved)


def _review(history: CardHistory, step: LevelReview) -> None:
    if not step.is_approved:
        history.level_status = replace(history.level_status, held_at=None)
        return
    past = past_at(history.given, history.activity, history.level_table, at=step.at)
    now = later(past.latest, past.given, history.level_table, at=step.at)
    rise = approved_rise(history.level_status, now, history.level_table, at=step.at)
    history.level_status = rise.level_status
    last = history.latest
    if step.card_id is None or last is None:
        return
    # Days end where the customer was last.
    zone, switches = last.visit.zone, last.visit.switches
    found = level_rewards(rise.reached, history.gifts.get, at=step.at, zone=zone)
    new = [each for each in found if each.occasion not in history.had]
    history.had.update(each.occasion for each in new)
    for each in new:
        ends_at = bonus_end(each.gift, switches, at=step.at, zone=zone)
        history.raised.append(RaisedBonus(step.card_id, None, each, step.at, ends_at))


def _raised(sale: PastSale, earned_reward: EarnedReward) -> RaisedBonus:
    visit = sale.visit
    ends_at = bonus_end(earned_reward.gift, visit.switches, at=visit.at, zone=visit.zone)
    return RaisedBonus(sale.card_id, sale.session_id, earned_reward, visit.at, ends_at)
