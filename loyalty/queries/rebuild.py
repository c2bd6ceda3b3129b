"""What was counted as it went along, against what the sales and the ledger say from the start."""

from collections import Counter
from collections.abc import Iterator

from loyalty.models import Bonus, Card, Customer, EarnSession
from loyalty.queries.books import AT_MOST, Wrong
from loyalty.queries.past_sales import known_of, past_sales
from loyalty.rules.history import History, replay
from loyalty.rules.visit import CardState

_SOURCES = ("card", "streak", "welcome", "birthday")


def wrong_rebuilds() -> Iterator[Wrong]:
    """Where cards differ from a count from the beginning, at most 20 of them."""
    found = 0
    for customer in Customer.objects.order_by("pk").iterator(chunk_size=500):
        history = replay(past_sales(customer.pk), known_of(customer))
        for card in Card.objects.filter(customer=customer):
            for wrong in _of_card(card, history):
                yield wrong
                found += 1
                if found >= AT_MOST:
                    return


def _of_card(card: Card, history: History) -> Iterator[Wrong]:
    state = history.cards.get(card.pk, CardState())
    figures = {
        "visits": (card.visits, history.visits[card.pk]),
        "points": (card.points, _points(card)),
        "streak": (card.streak_days, state.streak.days),
        "last visit": (_seconds(card.last_visit_at), _seconds(state.last_at)),
    }
    for what, (stored, counted) in figures.items():
        if stored != counted:
            yield Wrong(f"a card's {what} differ from its sales", card.pk, stored, counted)
    yield from _of_bonuses(card, history)


def _of_bonuses(card: Card, history: History) -> Iterator[Wrong]:
    bonuses = Bonus.objects.filter(card=card, source__in=_SOURCES).exclude(status="void")
    stored = Counter(bonuses.values_list("source", flat=True))
    sales = (each for each in history.raised if each.card_id == card.pk)
    counted = Counter(each.present.source for each in sales)
    # A bonus that was used before its sale was taken back stays: it became a debt.
    used = Counter(bonuses.filter(status="used").values_list("source", flat=True))
    was_undone = EarnSession.objects.filter(
        customer_id=card.customer_id or 0, program_id=card.program_id, status="voided"
    ).exists()
    for source in _SOURCES:
        most = counted[source] + (used[source] if was_undone else 0)
        if not counted[source] <= stored[source] <= most:
            what = f"a card's bonuses by {source} differ from its sales"
            yield Wrong(what, card.pk, stored[source], counted[source])


def _points(card: Card) -> int:
    sales = EarnSession.objects.filter(
        customer_id=card.customer_id or 0, program_id=card.program_id, status="collected"
    )
    return sum(sales.values_list("points_given", flat=True))


def _seconds(at: object) -> int:
    return int(at.timestamp()) if hasattr(at, "timestamp") else 0
