"""A card with the names that its page shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from loyalty.errors import NotFound
from loyalty.models import Bonus, Card
from loyalty.queries.cards import open_units, waiting
from loyalty.queries.unit_kind import counts_money
from loyalty.trip import clock, trip


@dataclass(frozen=True, slots=True)
class WaitingBonus:
    """A reward that was earned and not yet given."""

    title: str
    expires_at: datetime | None
    # Of the product that is given; None while it can be chosen.
    photo: UUID | None


@dataclass(frozen=True, slots=True)
class ShownCard:
    """One counter of a card; `currency` is set when the units are money."""

    id: int
    program_name: str
    program_text: str
    bonus_title: str
    open: int
    debt: int
    threshold: int
    currency: str | None
    bonuses: list[WaitingBonus]

    @property
    def missing(self) -> int:
        """The units until the next bonus, an older debt included."""
        return max(0, self.threshold + self.debt - self.open)


def shown_card(card_id: int, *, customer_id: int) -> ShownCard:
    """The customer's own card; raises NotFound for anybody else's."""
    now = _now()
    found = _cards(now).filter(pk=card_id, customer_id=customer_id).first()
    if found is None:
        raise NotFound
    return _shown(found, now)


def shown_cards(customer_id: int, *, at_most: int = 50) -> list[ShownCard]:
    """The customer's cards, the newest visit first."""
    now = _now()
    found = _cards(now).filter(customer_id=customer_id).order_by("-last_visit_at", "id")
    return [_shown(card, now) for card in found[:at_most]]


def _now() -> datetime:
    now = clock()
    trip(now)
    return now.only


def _cards(now: datetime) -> QuerySet[Card]:
    bonuses = Bonus.objects.select_related("product").filter(waiting(now)).order_by("id")
    return Card.objects.select_related("program", "promise__product").prefetch_related(
        "counters", Prefetch("bonuses", queryset=bonuses, to_attr="waiting")
    )


def _shown(card: Card, now: datetime) -> ShownCard:
    counter = next(iter(card.counters.all()), None)
    bonuses: list[Bonus] = getattr(card, "waiting", [])
    product = card.promise.product
    return ShownCard(
        id=card.pk,
        program_name=card.program.name,
        program_text=card.program.description,
        bonus_title=product.name if product else "",
        open=open_units(card, counter.open, now=now) if counter else 0,
        debt=counter.debt if counter else 0,
        threshold=card.promise.threshold,
        currency=card.program.currency if counts_money(card.promise) else None,
        bonuses=[_waiting(bonus) for bonus in bonuses],
    )


def _waiting(bonus: Bonus) -> WaitingBonus:
    photo = bonus.product.photo_id if bonus.product else None
    return WaitingBonus(bonus.title, bonus.expires_at, photo)
