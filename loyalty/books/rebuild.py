"""What was counted as it went along, against what the log says from the start."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from loyalty.books.books import AT_MOST, BookFault
from loyalty.books.counted_sales import EnteredSales, wrong_units
from loyalty.books.customer_batches import AT_ONCE, customer_batches
from loyalty.books.kept_points import wrong_points
from loyalty.books.rebuilt_bonuses import stored_bonuses, wrong_bonuses
from loyalty.counting.visit import CardState
from loyalty.history.level_tables import LevelTables, past_level_tables
from loyalty.history.past import past_in
from loyalty.history.replay import CardHistory, replay
from loyalty.history.rows import PastRows, past_rows
from loyalty.models import Card, Counter, Customer

Tell = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """For anybody who does not ask how far it is."""


def wrong_rebuilds(tell: Tell = silent, *, most: int = AT_ONCE) -> Iterator[BookFault]:
    """Where cards and levels differ from a count from the beginning, about 20 of them.

    Levels, birthdays and debts are compared for those of whom the log keeps them from the first
    line on (`Past`). `tell` hears how many customers of how many are done; `most` of them are read
    at once.
    """
    found, done, level_tables = 0, 0, past_level_tables()
    total = Customer.objects.count()
    tell(0, total)
    for customers in customer_batches(most=most):
        for wrongs in _of_batch(customers, level_tables):
            yield from wrongs
            found += len(wrongs)
            if found >= AT_MOST:
                return
        done += len(customers)
        tell(done, total)


def _of_batch(
    customers: Sequence[Customer], level_tables: LevelTables
) -> Iterator[list[BookFault]]:
    found = past_rows(customers)
    cards = [card for rows in found.values() for card in rows.cards]
    entered = EnteredSales(found.values())
    points, bonuses, counters = wrong_points(list(found)), stored_bonuses(cards), _counters(cards)
    for number, rows in found.items():
        past = past_in(rows, level_tables)
        history = replay(past.steps, past.known)
        wrongs = list(_of_levels(rows, history)) if past.has_levels else []
        wrongs += [points[number]] if number in points else []
        wrongs += wrong_units(rows, entered)
        for card in rows.cards:
            wrongs += _of_card(card, history, rows)
            if past.has_debts:
                wrongs += _of_counters(counters[card.pk], history)
        wrongs += wrong_bonuses(rows.cards, bonuses[number], history, past)
        yield wrongs


def _of_levels(rows: PastRows, history: CardHistory) -> Iterator[BookFault]:
    customer = rows.customer
    if customer.level_rung != history.level_status.level_index:
        what = "a customer's level differs from their sales"
        yield BookFault(what, customer.pk, customer.level_rung, history.level_status.level_index)
    for sale in rows.sales:
        right = history.points[sale.id]
        if sale.points_given != right:
            what = "a sale's points differ from what it gave"
            yield BookFault(what, sale.id, sale.points_given, right)


def _of_card(card: Card, history: CardHistory, rows: PastRows) -> Iterator[BookFault]:
    state = history.cards.get(card.pk, CardState())
    points = sum(each.points_given for each in rows.sales if each.program_id == card.program_id)
    figures = {
        "visits": (card.visits, history.visits[card.pk]),
        "points": (card.points, points),
        "last visit": (_seconds(card.last_visit_at), _seconds(state.last_at)),
        "streak": (card.streak_days, state.streak.days),
    }
    for what, (stored, counted) in figures.items():
        if stored != counted:
            yield BookFault(f"a card's {what} differ from its sales", card.pk, stored, counted)


def _of_counters(counters: Sequence[Counter], history: CardHistory) -> Iterator[BookFault]:
    for counter in counters:
        card_id = counter.card_id
        stored, counted = counter.open - counter.debt, history.balance(card_id, counter.tier_id)
        if stored != counted:
            what = "a card's balance differs from its sales"
            yield BookFault(what, card_id, stored, counted)


def _counters(cards: Sequence[Card]) -> defaultdict[int, list[Counter]]:
    found = defaultdict[int, list[Counter]](list)
    for counter in Counter.objects.filter(card__in=cards).order_by("pk"):
        found[counter.card_id].append(counter)
    return found


def _seconds(at: object) -> int:
    return int(at.timestamp()) if hasattr(at, "timestamp") else 0
