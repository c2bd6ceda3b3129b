"""Cards as they stand now, in the form in which outcomes store them."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from loyalty.errors import NotFound
from loyalty.models import Bonus, Card, Tier
from loyalty.queries.mechanics import stored_mechanic

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
        "counters",
        Prefetch("program__tiers", queryset=Tier.objects.order_by("rank")),
        Prefetch("bonuses", queryset=waiting, to_attr="waiting"),
    )


def _state(card: Card) -> State:
    waiting: list[Bonus] = getattr(card, "waiting", [])
    return {
        "id": card.pk,
        "version": card.version,
        "program": card.program_id,
        "points": card.points,
        "bonuses": [_bonus(bonus) for bonus in waiting[:AT_MOST]],
        "progress": _progress(card),
    }


def _progress(card: Card) -> list[State]:
    counters = {counter.tier_id: counter for counter in card.counters.all()}
    tiers: list[Tier | None] = [None]
    if stored_mechanic(card.promise).is_matched:
        tiers = list(card.program.tiers.all())
    return [
        {
            "tier": {"id": tier.pk, "name": tier.name, "rank": tier.rank} if tier else None,
            "open": found.open if (found := counters.get(tier.pk if tier else None)) else 0,
            "debt": found.debt if found else 0,
            "threshold": card.promise.threshold,
        }
        for tier in tiers
    ]


def _bonus(bonus: Bonus) -> State:
    return {
        "id": bonus.pk,
        "title": bonus.title,
        "source": bonus.source,
        "product": bonus.product_id,
        "tier": bonus.tier_id,
        "expires_at": bonus.expires_at.isoformat() if bonus.expires_at else None,
    }
