"""A bonus that was given waits again, or goes with the sale that was taken back meanwhile.

All orders end alike: what an undo left of it, since somebody had used it, is lifted, and all that
rests on that is settled as an undo settles it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import F

from loyalty.base import exempt
from loyalty.base.events import EventKind
from loyalty.base.states import BonusSource, BonusStatus
from loyalty.correcting.apply_difference import Lines, move_counters
from loyalty.correcting.move_bonuses import MovedBonuses, move_bonuses, move_times
from loyalty.counting.occasions import EarnedReward
from loyalty.counting.visit import CardState
from loyalty.events.debts import DebtLift
from loyalty.events.redemptions import RefundedDetails
from loyalty.events.undone import UndoResult
from loyalty.history.debts import debt, figures_of, lifted, lifts
from loyalty.history.past import CustomerPast, past_of
from loyalty.history.replay import CardHistory, RaisedBonus, owe, replay
from loyalty.models import Bonus, Card, Customer, Event
from loyalty.redeeming.undone_occasions import was_kept
from loyalty.switches import Reward


@dataclass(frozen=True, slots=True)
class BonusReturn:
    """What the log has to say of it, and what has yet to be written behind its line.

    `lines` are movements by counter, `settled` the bonuses, on other cards too (`tell_others`).
    """

    details: RefundedDetails = field(default_factory=RefundedDetails)
    lines: Lines = field(default_factory=list)
    settled: MovedBonuses = field(default_factory=MovedBonuses)


@dataclass(slots=True)
class _ReturnedBonus:
    """The bonus, what is lifted for it, and the histories with and without that."""

    bonus: Bonus
    lifted: list[DebtLift]
    before: CardHistory
    after: CardHistory
    settled: MovedBonuses = field(default_factory=MovedBonuses)

    @property
    def key(self) -> tuple[int, str, int | None, str]:
        bonus = self.bonus
        return bonus.card_id, bonus.source, bonus.tier_id, bonus.occasion


@exempt.asked_already("part of a refund")
def put_back(bonus: Bonus, card: Card, *, now: datetime) -> BonusReturn:
    """For the caller's transaction and lock of the customer; the card's row is written."""
    found = _lifted_for(bonus)
    if found is None:
        Bonus.objects.filter(pk=bonus.pk).update(status=BonusStatus.WAITING)
        Card.objects.filter(pk=card.pk).update(version=F("version") + 1)
        return BonusReturn()
    past, lift = found
    before = replay(past.steps, past.known)
    after = replay(lifted(past.steps, lift), past.known)
    change = _ReturnedBonus(bonus, lift, before, after)
    base = _of_occasion(change) if bonus.occasion else _of_kind(change, card)
    settled = move_bonuses(base, after, now=now, settled=change.settled)
    of_kind = [each for each in after.raised if each.key == change.key]
    move_times(CardHistory(), CardHistory(raised=of_kind), now=now)
    return _written(change, card, settled, now=now)


def _lifted_for(bonus: Bonus) -> tuple[CustomerPast, list[DebtLift]] | None:
    # None: no undo has anything to do with it, or nobody can tell.
    customer = Customer.objects.filter(pk=bonus.card.customer_id or 0).first()
    if customer is None or not _has_undos(customer):
        return None
    if bonus.occasion and not was_kept(bonus, customer):
        return None
    # Bonuses of levels lie on others, where somebody may be confirming one just now.
    list(Card.objects.select_for_update().filter(customer=customer).order_by("pk"))
    past = past_of(customer)
    if bonus.source == BonusSource.LEVEL and not past.has_levels:
        return None
    found = lifts(
        past.steps,
        card_id=bonus.card_id,
        source=bonus.source,
        tier_id=bonus.tier_id,
        occasion=bonus.occasion,
    )
    return (past, found) if found or bonus.occasion else None


def _has_undos(customer: Customer) -> bool:
    cards = Card.objects.filter(customer=customer).values("pk")
    return Event.objects.filter(kind=EventKind.VOIDED, card_id__in=cards).exists()


def _of_occasion(change: _ReturnedBonus) -> CardHistory:
    # The sale that gives it now may lie on another card: then it lies there.
    bonus = change.bonus
    given = (each for each in change.after.raised if each.earned_reward.occasion == bonus.occasion)
    found = next(given, None)
    if found is not None and found.card_id == bonus.card_id:
        Bonus.objects.filter(pk=bonus.pk).update(status=BonusStatus.WAITING)
        return change.before
    change.settled.take(bonus)
    if found is None:
        return change.before
    others = [
        each for each in change.before.raised if each.earned_reward.occasion != bonus.occasion
    ]
    return replace(change.before, raised=others)


def _of_kind(change: _ReturnedBonus, card: Card) -> CardHistory:
    bonus, before, after, key = change.bonus, change.before, change.after, change.key
    if bonus.source == BonusSource.STREAK:
        owing = Card.objects.filter(pk=card.pk, streaks_owed__gt=0)
        is_owed = bool(owing.update(streaks_owed=F("streaks_owed") - 1))
    else:
        is_owed = True
    if is_owed and after.count()[key] <= before.count()[key]:
        change.settled.take(bonus)
        return before
    Bonus.objects.filter(pk=bonus.pk).update(status=BonusStatus.WAITING)
    # It is earned: without the debt, a later sale gives it.
    return replace(before, raised=[*before.raised, _as_raised(bonus)]) if is_owed else before


def _as_raised(bonus: Bonus) -> RaisedBonus:
    earned_reward = EarnedReward(BonusSource(bonus.source), Reward(), tier_id=bonus.tier_id)
    return RaisedBonus(
        bonus.card_id, bonus.session_id, earned_reward, bonus.earned_at, bonus.expires_at
    )


def _written(
    change: _ReturnedBonus, card: Card, settled: MovedBonuses, *, now: datetime
) -> BonusReturn:
    bonus, before, after = change.bonus, change.before, change.after
    owed = debt(card.pk, settled.used, before=before, after=after, at=now)
    owe(after, owed)
    counted = move_counters(card, before, after, gave={})
    state = after.cards.get(card.pk, CardState())
    Card.objects.filter(pk=card.pk).update(
        version=F("version") + 1,
        units_end_at=state.units_end_at,
        streaks_owed=F("streaks_owed") + owed.streaks,
    )
    gone = [each.pk for each in settled.gone if each.pk != bonus.pk]
    undone = UndoResult(
        gone=tuple(gone),
        kept=tuple(each.pk for each in settled.kept),
        new=tuple(each.pk for each in settled.new),
        owed=counted.debts,
    )
    details = RefundedDetails(
        lifted=tuple(change.lifted),
        owed=figures_of(owed),
        undone=undone,
        gone=bonus.pk if len(gone) < len(settled.gone) else None,
    )
    return BonusReturn(details, counted.lines, settled)
