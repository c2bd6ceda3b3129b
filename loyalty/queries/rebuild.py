"""What was counted as it went along, against what the log says from the start."""

from collections.abc import Iterator

from loyalty.models import Card, Counter, Customer, EarnSession
from loyalty.queries.books import AT_MOST, Wrong
from loyalty.queries.kept_points import wrong_points
from loyalty.queries.past_ladders import past_ladders
from loyalty.queries.past_sales import Past, past_of
from loyalty.queries.rebuilt_bonuses import wrong_bonuses
from loyalty.rules.history import History, replay
from loyalty.rules.visit import CardState


def wrong_rebuilds() -> Iterator[Wrong]:
    """Where cards and levels differ from a count from the beginning, about 20 of them.

    Levels, birthdays and debts are compared for those of whom the log keeps them from the first
    line on (`Past`).
    """
    found, ladders = 0, past_ladders()
    for customer in Customer.objects.order_by("pk").iterator(chunk_size=500):
        past = past_of(customer, ladders)
        history = replay(past.steps, past.known)
        wrongs = list(_of_levels(customer, history)) if past.has_levels else []
        wrongs += wrong_points(customer.pk)
        for card in Card.objects.filter(customer=customer):
            wrongs += _of_card(card, history, past)
        wrongs += wrong_bonuses(customer, history, past)
        yield from wrongs
        found += len(wrongs)
        if found >= AT_MOST:
            return


def _of_levels(customer: Customer, history: History) -> Iterator[Wrong]:
    if customer.level_rung != history.standing.rung:
        what = "a customer's level differs from their sales"
        yield Wrong(what, customer.pk, customer.level_rung, history.standing.rung)
    sales = EarnSession.objects.filter(customer=customer, status="collected")
    for number, points in sales.order_by("pk").values_list("pk", "points_given"):
        if points != history.points[number]:
            what = "a sale's points differ from what it gave"
            yield Wrong(what, number, points, history.points[number])


def _of_card(card: Card, history: History, past: Past) -> Iterator[Wrong]:
    state = history.cards.get(card.pk, CardState())
    figures = {
        "visits": (card.visits, history.visits[card.pk]),
        "points": (card.points, _points(card)),
        "last visit": (_seconds(card.last_visit_at), _seconds(state.last_at)),
        "streak": (card.streak_days, state.streak.days),
    }
    for what, (stored, counted) in figures.items():
        if stored != counted:
            yield Wrong(f"a card's {what} differ from its sales", card.pk, stored, counted)
    if past.has_debts:
        yield from _of_counters(card, history)


def _of_counters(card: Card, history: History) -> Iterator[Wrong]:
    for counter in Counter.objects.filter(card=card).order_by("pk"):
        stored, counted = counter.open - counter.debt, history.balance(card.pk, counter.tier_id)
        if stored != counted:
            what = "a card's balance differs from its sales"
            yield Wrong(what, card.pk, stored, counted)


def _points(card: Card) -> int:
    sales = EarnSession.objects.filter(
        customer_id=card.customer_id or 0, program_id=card.program_id, status="collected"
    )
    return sum(sales.values_list("points_given", flat=True))


def _seconds(at: object) -> int:
    return int(at.timestamp()) if hasattr(at, "timestamp") else 0
