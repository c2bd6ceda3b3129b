"""What was counted as it went along, against what the sales and the ledger say from the start."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from loyalty.models import Bonus, Card, Customer, EarnSession
from loyalty.queries.books import AT_MOST, Wrong
from loyalty.queries.kept_points import wrong_points
from loyalty.queries.past_sales import known_of, ladder_is_newer, past_sales
from loyalty.rules.history import History, PastSale, replay
from loyalty.rules.visit import CardState


def wrong_rebuilds() -> Iterator[Wrong]:
    """Where cards and levels differ from a count from the beginning, about 20 of them.

    Levels are compared for those whose every sale came after the ladder was last changed; what
    depends on the order of sales, for those whose sales were credited in the order of their times.
    """
    found = 0
    for customer in Customer.objects.order_by("pk").iterator(chunk_size=500):
        sales = past_sales(customer.pk)
        history = replay(sales, known_of(customer))
        is_in_order = _is_in_order(sales)
        wrongs = (
            list(_of_level(customer, history)) if is_in_order and not ladder_is_newer(sales) else []
        )
        wrongs += wrong_points(customer.pk)
        for card in Card.objects.filter(customer=customer):
            wrongs += _of_card(card, history, is_in_order=is_in_order)
        yield from wrongs
        found += len(wrongs)
        if found >= AT_MOST:
            return


def _is_in_order(sales: Sequence[PastSale]) -> bool:
    # Sales that were imported behind later ones were credited in another order than that of their
    # times: what depends on the order (streaks, presents, levels) cannot be counted anew.
    times = [sale.visit.at for sale in sales]
    return all(one <= other for one, other in pairwise(times))


def _of_level(customer: Customer, history: History) -> Iterator[Wrong]:
    # What a manager approved was lifted between visits: then there is nothing to compare.
    if customer.level_trusted_at is None and customer.level_rung != history.standing.rung:
        what = "a customer's level differs from their sales"
        yield Wrong(what, customer.pk, customer.level_rung, history.standing.rung)


def _of_card(card: Card, history: History, *, is_in_order: bool) -> Iterator[Wrong]:
    state = history.cards.get(card.pk, CardState())
    figures = {
        "visits": (card.visits, history.visits[card.pk]),
        "points": (card.points, _points(card)),
        "last visit": (_seconds(card.last_visit_at), _seconds(state.last_at)),
    }
    if is_in_order:
        figures["streak"] = (card.streak_days, state.streak.days)
    for what, (stored, counted) in figures.items():
        if stored != counted:
            yield Wrong(f"a card's {what} differ from its sales", card.pk, stored, counted)
    if is_in_order:
        yield from _of_bonuses(card, history)


def _of_bonuses(card: Card, history: History) -> Iterator[Wrong]:
    was_undone = EarnSession.objects.filter(
        customer_id=card.customer_id or 0, status="voided"
    ).exists()
    person = card.customer.person if card.customer else None
    others = Customer.objects.filter(person=person).exclude(pk=card.customer_id or 0)
    # A welcome is the person's: another address or, after an undo, another card may hold it.
    # Birthdays are not counted anew: a date may have come, changed or gone since.
    is_alone = person is not None and not was_undone and not others.exists()
    sources = ("card", "streak", "welcome") if is_alone else ("card", "streak")
    bonuses = Bonus.objects.filter(card=card, source__in=sources).exclude(status="void")
    stored = Counter(bonuses.values_list("source", flat=True))
    sales = (each for each in history.raised if each.card_id == card.pk)
    counted = Counter(each.present.source for each in sales)
    for source in sources:
        # One that was used before its sale was taken back stays: it became a debt.
        is_too_many = stored[source] > counted[source] and not was_undone
        if stored[source] < counted[source] or is_too_many:
            what = f"a card's bonuses by {source} differ from its sales"
            yield Wrong(what, card.pk, stored[source], counted[source])


def _points(card: Card) -> int:
    sales = EarnSession.objects.filter(
        customer_id=card.customer_id or 0, program_id=card.program_id, status="collected"
    )
    return sum(sales.values_list("points_given", flat=True))


def _seconds(at: object) -> int:
    return int(at.timestamp()) if hasattr(at, "timestamp") else 0
