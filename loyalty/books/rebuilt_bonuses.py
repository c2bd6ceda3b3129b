"""A customer's bonuses, against those that the log says were raised."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from loyalty.base.states import BonusSource, BonusStatus
from loyalty.books.books import BookFault
from loyalty.history.past import CustomerPast
from loyalty.history.replay import CardHistory
from loyalty.models import Bonus, Card

COUNTED = (BonusSource.CARD, BonusSource.STREAK)


class StoredBonus(NamedTuple):
    """A bonus that was not taken back."""

    card_id: int
    source: str
    occasion: str
    status: str


def stored_bonuses(cards: Iterable[Card]) -> defaultdict[int, list[StoredBonus]]:
    """The bonuses of these cards, by customer."""
    owners = {card.pk: card.customer_id or 0 for card in cards}
    found = Bonus.objects.filter(card__in=owners).exclude(status=BonusStatus.VOID).order_by("pk")
    stored = defaultdict[int, list[StoredBonus]](list)
    for bonus in (StoredBonus(*row) for row in found.values_list(*StoredBonus._fields)):
        stored[owners[bonus.card_id]].append(bonus)
    return stored


def wrong_bonuses(
    cards: Sequence[Card], stored: Sequence[StoredBonus], history: CardHistory, past: CustomerPast
) -> Iterator[BookFault]:
    """A customer's cards whose bonuses are too many or too few, by their source."""
    raised = [
        (each.card_id, each.earned_reward.source, each.earned_reward.occasion)
        for each in history.raised
    ]
    if past.has_debts:
        yield from _counted(cards, history, stored)
    for source in sorted(past.once):
        had = {occasion: card for card, of, occasion, _ in stored if of == source}
        ought = {occasion: card for card, of, occasion in raised if of == source}
        # What was used before its sale was taken back stays used; given back it goes, unless a
        # sale that is left earns it.
        used = {
            each for _, of, each, status in stored if of == source and status == BonusStatus.USED
        }
        # Which address came first is not known once sales are taken back.
        for occasion in sorted(ought.keys() - had.keys() - past.elsewhere):
            yield BookFault(_what(source), ought[occasion], 0, 1)
        for occasion in sorted(had.keys() - ought.keys() - used):
            yield BookFault(_what(source), had[occasion], 1, 0)


def _counted(
    cards: Sequence[Card], history: CardHistory, stored: Sequence[StoredBonus]
) -> Iterator[BookFault]:
    every = Counter((row.card_id, row.source) for row in stored)
    used = Counter((row.card_id, row.source) for row in stored if row.status == BonusStatus.USED)
    raised = Counter((each.card_id, each.earned_reward.source) for each in history.raised)
    for card in cards:
        # Those that were used and lost their sale: they became a debt.
        owed = {BonusSource.CARD: history.owed[card.pk], BonusSource.STREAK: card.streaks_owed}
        for source in COUNTED:
            key = (card.pk, source)
            had, ought = every[key], raised[key] + owed[source]
            if had != ought:
                yield BookFault(_what(source), card.pk, had, ought)
            if owed[source] > used[key]:
                what = f"a card owes for more bonuses by {source} than were used"
                yield BookFault(what, card.pk, owed[source], used[key])


def _what(source: str) -> str:
    return f"a card's bonuses by {source} differ from its sales"
