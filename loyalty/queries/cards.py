"""Cards as they stand now, in the form in which outcomes store them."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from loyalty.errors import NotFound
from loyalty.models import Bonus, Card

State = dict[str, Any]
AT_MOST = 100


def card_state(card_id: int) -> tuple[State, int | None]:
    """One card and its customer's id; raises NotFound."""
    found = _cards().filter(pk=card_id).first()
    if found is None:
        raise NotFound
    return _state(found), found.customer_id


def of_customer(customer_id: int) -> list[State]:
    """The customer's cards, the newest visit first, at most 100."""
    found = _cards().filter(customer_id=customer_id).order_by("-last_visit_at", "id")
    return [_state(card) for card in found[:AT_MOST]]


def _cards() -> QuerySet[Card]:
    waiting = Bonus.objects.filter(status="waiting").order_by("id")
    return Card.objects.select_related("promise").prefetch_related(
        "counters", Prefetch("bonuses", queryset=waiting, to_attr="waiting")
    )


def _state(card: Card) -> State:
    waiting: list[Bonus] = getattr(card, "waiting", [])
    return {
        "id": card.pk,
        "version": card.version,
        "program": card.program_id,
        "points": card.points,
        "bonuses": [_bonus(bonus) for bonus in waiting[:AT_MOST]],
        "progress": [
            {"open": counter.open, "debt": counter.debt, "threshold": card.promise.threshold}
            for counter in card.counters.all()
        ],
    }


def _bonus(bonus: Bonus) -> State:
    return {
        "id": bonus.pk,
        "title": bonus.title,
        "source": bonus.source,
        "product": bonus.product_id,
        "expires_at": bonus.expires_at.isoformat() if bonus.expires_at else None,
    }
