"""Cards as they stand now, for anybody who may see them."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from loyalty.base import access, exempt
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.states import BonusStatus
from loyalty.base.values import Actor, CustomerActor
from loyalty.cards.card_rows import streak_of
from loyalty.cards.view import AT_MOST, BonusView, CardView, ProgressView, TierView
from loyalty.db.roundtrip import database_now
from loyalty.levels.view import LevelView, StreakView, level_now
from loyalty.models import Bonus, Card, Tier
from loyalty.programs.mechanics import stored_mechanic
from loyalty.switches import from_stored


@exempt.row_decides("its customer, or who reads anybody's")
def card_view(card_id: int, *, actor: Actor) -> CardView:
    """One card, for its customer and for managers; raises NotFound for all others."""
    now = database_now()
    found = _cards(now).filter(pk=card_id).first()
    if found is None:
        raise NotFound
    is_own = isinstance(actor, CustomerActor) and actor.id == found.customer_id
    access.require_own(actor, Permission.READ_ANY_CARD, is_own=is_own)
    return _view(found, level_now(found.customer_id, now=now), now)


def cards_of_customer(*, actor: CustomerActor) -> list[CardView]:
    """The customer's own cards, the newest visit first, at most 100."""
    access.require(actor, Permission.READ_OWN_ACCOUNT)
    now = database_now()
    level = level_now(actor.id, now=now)
    found = _cards(now).filter(customer_id=actor.id).order_by("-last_visit_at", "id")
    return [_view(card, level, now) for card in found[:AT_MOST]]


@exempt.asked_already("of cards that were read for the caller")
def began_at(card_ids: Collection[int]) -> dict[int, datetime]:
    """When these cards began."""
    return dict(Card.objects.filter(pk__in=card_ids).values_list("id", "created_at"))


def waiting(now: datetime) -> Q:
    """Bonuses that can be had now: those whose time is over do not count."""
    return Q(status=BonusStatus.WAITING) & (Q(expires_at=None) | Q(expires_at__gt=now))


def waiting_on(card_id: int) -> int:
    """How many bonuses of a card can be had now."""
    return Bonus.objects.filter(waiting(database_now()), card=card_id).count()


def open_units(card: Card, counted: int, *, now: datetime) -> int:
    """The open units that count now: none when their time is over."""
    return 0 if card.units_end_at and now >= card.units_end_at else counted


def _cards(now: datetime) -> QuerySet[Card]:
    bonuses = Bonus.objects.filter(waiting(now)).order_by("id")
    return Card.objects.select_related("promise").prefetch_related(
        "counters",
        Prefetch("program__tiers", queryset=Tier.objects.order_by("rank")),
        Prefetch("bonuses", queryset=bonuses, to_attr="waiting"),
    )


def _view(card: Card, level: LevelView | None, now: datetime) -> CardView:
    bonuses: list[Bonus] = getattr(card, "waiting", [])
    return CardView(
        id=card.pk,
        version=card.version,
        program_id=card.program_id,
        points=card.points,
        created_at=card.created_at,
        last_visit_at=card.last_visit_at,
        bonuses=tuple(map(BonusView.of, bonuses[:AT_MOST])),
        progress=tuple(_progress(card, now)),
        streak=StreakView.of(streak_of(card), from_stored(card.promise.switches), now=now),
        level=level,
    )


def _progress(card: Card, now: datetime) -> Iterator[ProgressView]:
    counters = {counter.tier_id: counter for counter in card.counters.all()}
    tiers: list[Tier | None] = [None]
    if stored_mechanic(card.promise).is_matched:
        tiers = list(card.program.tiers.all())
    for tier in tiers:
        found = counters.get(tier.pk if tier else None)
        yield ProgressView(
            tier=TierView(tier.pk, tier.name, tier.rank) if tier else None,
            open=open_units(card, found.open, now=now) if found else 0,
            debt=found.debt if found else 0,
            threshold=card.promise.threshold,
        )
