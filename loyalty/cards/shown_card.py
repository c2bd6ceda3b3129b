"""A card with the names that its page shows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.calendar import last_day
from loyalty.base.errors import NotFound
from loyalty.base.states import BonusSource
from loyalty.base.values import CustomerActor
from loyalty.cards.card_rows import streak_of
from loyalty.cards.gifts import ProductChoice, is_choice
from loyalty.cards.reads import open_units, waiting
from loyalty.db.roundtrip import database_now
from loyalty.levels.view import LevelView, StreakView, level_now
from loyalty.models import Bonus, Card, Counter, Location, Tier
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.unit_kind import counts_money
from loyalty.switches import from_stored

Counters = dict[int | None, Counter]


@dataclass(frozen=True, slots=True)
class WaitingBonus:
    """A reward that was earned and not yet given."""

    title: str
    # From what the customer may choose; None where it is settled.
    choice: ProductChoice | None
    source: str
    last_day: date | None
    # Of the product that is given; None while it can be chosen.
    photo: UUID | None


@dataclass(frozen=True, slots=True)
class ShownCounter:
    """One tier of a program whose tiers count for themselves."""

    name: str
    open: int
    debt: int
    missing: int


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card; `currency` is set when the units are money.

    `open` and `debt` are those of its only counter, or of the one of `tiers` that is nearest to its
    bonus. `streak` and `level` are None where the program or the business has none.
    """

    id: int
    program_name: str
    program_text: str
    bonus_title: str
    open: int
    debt: int
    threshold: int
    currency: str | None
    bonuses: list[WaitingBonus]
    tiers: list[ShownCounter]
    streak: StreakView | None
    level: LevelView | None
    zone: str

    @property
    def is_full(self) -> bool:
        """True while the bonus of a full card waits to be given."""
        return any(bonus.source == BonusSource.CARD for bonus in self.bonuses)

    @property
    def is_due(self) -> bool:
        """True when the units are there, since the business asks for fewer now.

        Their bonus comes with the next visit.
        """
        return self.missing == 0

    @property
    def missing(self) -> int:
        """The units until the next bonus, an older debt included."""
        return max(0, self.threshold + self.debt - self.open)


def shown_card(card_id: int, *, actor: CustomerActor) -> ShownCard:
    """The customer's own card; raises NotFound for anybody else's."""
    access.require(actor, Permission.READ_OWN_ACCOUNT)
    now = database_now()
    found = _cards(now).filter(pk=card_id, customer_id=actor.id).first()
    if found is None:
        raise NotFound
    return _shown(found, level_now(actor.id, now=now), _zone(), now)


def shown_cards(*, actor: CustomerActor, at_most: int = 50) -> list[ShownCard]:
    """The customer's own cards, the newest visit first."""
    access.require(actor, Permission.READ_OWN_ACCOUNT)
    now = database_now()
    found = _cards(now).filter(customer_id=actor.id).order_by("-last_visit_at", "id")
    level = level_now(actor.id, now=now)
    zone = _zone()
    return [_shown(card, level, zone, now) for card in found[:at_most]]


def has_other_cards(card_id: int, *, actor: CustomerActor) -> bool:
    """True when the customer has a card besides this one."""
    access.require(actor, Permission.READ_OWN_ACCOUNT)
    return Card.objects.filter(customer_id=actor.id).exclude(pk=card_id).exists()


def _zone() -> str:
    # Days on a card's page are those of the business's first location.
    return Location.objects.order_by("pk").values_list("time_zone", flat=True)[0]


def _cards(now: datetime) -> QuerySet[Card]:
    bonuses = Bonus.objects.select_related("product").filter(waiting(now)).order_by("id")
    tiers = Tier.objects.order_by("rank")
    return Card.objects.select_related("program", "promise__product").prefetch_related(
        "counters",
        Prefetch("program__tiers", queryset=tiers),
        Prefetch("bonuses", queryset=bonuses, to_attr="waiting"),
    )


def _shown(card: Card, level: LevelView | None, zone: str, now: datetime) -> ShownCard:
    counters = {counter.tier_id: counter for counter in card.counters.all()}
    bonuses: list[Bonus] = getattr(card, "waiting", [])
    product, tiers = card.promise.product, _tiers(card, counters, now)
    # Of several, one that owes is further from its bonus than an empty one.
    nearest = min(tiers, key=lambda each: each.missing, default=None) or _only(card, counters, now)
    return ShownCard(
        id=card.pk,
        program_name=card.program.name,
        program_text=card.program.description,
        bonus_title=product.name if product else "",
        open=nearest.open,
        debt=nearest.debt,
        threshold=card.promise.threshold,
        currency=card.program.currency if counts_money(card.promise) else None,
        bonuses=[_waiting(bonus, card, zone) for bonus in bonuses],
        tiers=tiers,
        streak=StreakView.of(streak_of(card), from_stored(card.promise.switches), now=now),
        level=level,
        zone=zone,
    )


def _tiers(card: Card, counters: Counters, now: datetime) -> list[ShownCounter]:
    if not stored_mechanic(card.promise).is_matched:
        return []
    tiers = card.program.tiers.all()
    return [_counter(card, tier.name, counters.get(tier.pk), now) for tier in tiers]


def _only(card: Card, counters: Counters, now: datetime) -> ShownCounter:
    return _counter(card, "", counters.get(None), now)


def _counter(card: Card, name: str, counter: Counter | None, now: datetime) -> ShownCounter:
    debt = counter.debt if counter else 0
    has = open_units(card, counter.open, now=now) if counter else 0
    return ShownCounter(name, has, debt, max(0, card.promise.threshold + debt - has))


def _waiting(bonus: Bonus, card: Card, zone: str) -> WaitingBonus:
    photo = bonus.product.photo_id if bonus.product else None
    last = last_day(bonus.expires_at, zone) if bonus.expires_at else None
    return WaitingBonus(bonus.title, _choice(bonus, card), bonus.source, last, photo)


def _choice(bonus: Bonus, card: Card) -> ProductChoice | None:
    product = bonus.product_id
    if not is_choice(bonus.source, product_id=product, is_voucher=bonus.is_voucher):
        return None
    tiers = list(card.program.tiers.all())
    own = next((tier for tier in tiers if tier.pk == bonus.tier_id), None)
    return ProductChoice(own.name, own.rank > tiers[0].rank) if own else ProductChoice()
