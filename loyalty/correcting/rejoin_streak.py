"""A visit that is credited after later ones: its day joins the streak where it belongs."""

from datetime import datetime

from django.db.models import F

from loyalty.base import exempt
from loyalty.base.states import BonusSource
from loyalty.cards.card_rows import streak_values
from loyalty.correcting.move_bonuses import move_bonuses
from loyalty.history.past import past_of
from loyalty.history.replay import CardHistory, replay
from loyalty.history.steps import without
from loyalty.models import Card, Customer


@exempt.asked_already("part of a late scan")
def rejoin_streak(card_id: int, session_id: int, customer_id: int, *, now: datetime) -> None:
    """Correct the card's streak and give what it owes; for the caller's transaction and locks.

    A day may also join two runs of days and use up a freeze that a later one had: then a bonus is
    not earned after all. One that was used stays given, and the card's next one pays for it.
    """
    customer = Customer.objects.get(pk=customer_id)
    past = past_of(customer)
    before = replay(without(past.steps, session_id), past.known)
    after = replay(past.steps, past.known)
    Card.objects.filter(pk=card_id).update(**streak_values(after.cards[card_id].streak))
    settled = move_bonuses(_streaks(before, card_id), _streaks(after, card_id), now=now)
    Card.objects.filter(pk=card_id).update(streaks_owed=F("streaks_owed") + len(settled.used))


def _streaks(history: CardHistory, card_id: int) -> CardHistory:
    # All else was given when the visit was credited.
    raised = [
        each
        for each in history.raised
        if each.card_id == card_id and each.earned_reward.source == BonusSource.STREAK
    ]
    return CardHistory(raised=raised)
