"""A customer's bonuses, against those that the log says were raised."""

from collections import Counter
from collections.abc import Iterator

from loyalty.models import Bonus, Card, Customer
from loyalty.queries.books import Wrong
from loyalty.queries.past_sales import Past
from loyalty.rules.history import History

COUNTED = ("card", "streak")


def wrong_bonuses(customer: Customer, history: History, past: Past) -> Iterator[Wrong]:
    """The cards whose bonuses are too many or too few, by their source."""
    rows = Bonus.objects.filter(card__customer=customer).exclude(status="void")
    stored = list(rows.values_list("card_id", "source", "occasion", "status"))
    raised = [(each.card_id, each.present.source, each.present.occasion) for each in history.raised]
    if past.has_debts:
        yield from _counted(customer, history, Counter(row[:2] for row in stored))
    sources = {"welcome"} | ({"birthday"} if past.has_birthdays else set())
    sources |= {"level"} if past.has_levels else set()
    for source in sorted(sources):
        had = {occasion: card for card, of, occasion, _ in stored if of == source}
        ought = {occasion: card for card, of, occasion in raised if of == source}
        # What was used before its sale was taken back stays used.
        used = {each for _, of, each, status in stored if of == source and status == "used"}
        for occasion in sorted(ought.keys() - had.keys()):
            yield Wrong(_what(source), ought[occasion], 0, 1)
        for occasion in sorted(had.keys() - ought.keys() - used):
            yield Wrong(_what(source), had[occasion], 1, 0)


def _counted(
    customer: Customer, history: History, stored: Counter[tuple[int, str]]
) -> Iterator[Wrong]:
    raised = Counter((each.card_id, each.present.source) for each in history.raised)
    for card in Card.objects.filter(customer=customer).order_by("pk"):
        # Those that were used and lost their sale: they became a debt.
        owed = {"card": history.owed[card.pk], "streak": card.streaks_owed}
        for source in COUNTED:
            had, ought = stored[card.pk, source], raised[card.pk, source] + owed[source]
            if had != ought:
                yield Wrong(_what(source), card.pk, had, ought)


def _what(source: str) -> str:
    return f"a card's bonuses by {source} differ from its sales"
