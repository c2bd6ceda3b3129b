"""A visit that is credited after later ones: its day joins the streak where it belongs."""

from datetime import datetime

from loyalty.actions.settle_bonuses import settle_bonuses
from loyalty.models import Card, Customer
from loyalty.queries.collect_facts import CollectFacts, decided
from loyalty.queries.past_sales import past_of
from loyalty.rules.history import History, replay
from loyalty.rules.past import without


def settle_late(card_id: int, session_id: int, customer_id: int, *, now: datetime) -> None:
    """Correct the card's streak and give what it owes; for the caller's transaction and locks."""
    customer = Customer.objects.get(pk=customer_id)
    past = past_of(customer)
    before = replay(without(past.steps, session_id), past.known)
    after = replay(past.steps, past.known)
    state = after.cards[card_id].streak
    Card.objects.filter(pk=card_id).update(
        streak_days=state.days,
        streak_last_at=state.last_at,
        streak_freezes_used=state.used,
        streak_ends_at=state.ends_at,
    )
    settle_bonuses(_streaks(before, card_id), _streaks(after, card_id), now=now)


def is_late(facts: CollectFacts) -> bool:
    """True when the card has a streak and was visited after this scan already."""
    card = decided(facts)[1]
    last_at = card.state.last_at
    return card.rules.switches.streak is not None and last_at is not None and facts.at < last_at


def _streaks(history: History, card_id: int) -> History:
    # All else was given when the visit was credited.
    raised = [
        each
        for each in history.raised
        if each.card_id == card_id and each.present.source == "streak"
    ]
    return History(raised=raised)
