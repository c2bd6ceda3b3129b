"""Why a card was credited, or not: lines of the log as values, without words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from loyalty.base import access, exempt
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.events import EventKind
from loyalty.base.states import EntryKind
from loyalty.base.values import Actor, CustomerActor
from loyalty.cards.gifts import ShownBonus, gifts
from loyalty.events.redemptions import RefundedDetails
from loyalty.events.refusals import NO_REFUSAL, RefusedDetails
from loyalty.events.registry import details_of
from loyalty.events.sales import CollectedDetails
from loyalty.explaining.line_moves import NOT_MOVED, EntriesByLine, UnitMoves
from loyalty.explaining.taken_back import UndoStory, taken_back
from loyalty.explaining.untrimmed import untrimmed_sales_for
from loyalty.models import (
    Bonus,
    Card,
    Event,
    Level,
    Location,
    Product,
    ProgramVersion,
)
from loyalty.programs.unit_kind import counts_money

# What a card's customer reads; an opened redemption alone is no news.
SHOWN = (
    EventKind.COLLECTED,
    EventKind.VOIDED,
    EventKind.RECOUNTED,
    EventKind.CONFIRMED,
    EventKind.CANCELLED,
    EventKind.REFUNDED,
    EventKind.EXPIRED,
    EventKind.REFUSED,
    EventKind.REVIEWED,
)
NO_MONEY = "XXX"


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a card's history; units with their sign, amounts in minor units.

    `untrimmed` are the units before the scan's ceiling, None where that trimmed nothing; each unit
    counted so many `times`.
    `taken_back` is known of an undo whose log says what went with the sale. Of a bonus that was put
    back, `is_gone` says that nothing raises it any more, `is_debt_lifted` that nothing is owed for
    it any more. `refusal` is what the sentence of a refusal needs.
    """

    id: int
    kind: EventKind
    at: datetime
    program: str
    units: int = 0
    untrimmed: int | None = None
    times: int = 1
    moved: UnitMoves = NOT_MOVED
    points: int = 0
    counts_money: bool = False
    currency: str = NO_MONEY
    session_id: int | None = None
    amount: int | None = None
    location: str | None = None
    zone: str = "UTC"
    gifts: tuple[ShownBonus, ...] = ()
    product: str | None = None
    level: str | None = None
    is_level_held: bool = False
    was_collected: bool = False
    is_imported: bool = False
    taken_back: UndoStory | None = None
    code: str = ""
    is_gone: bool = False
    is_debt_lifted: bool = False
    refusal: RefusedDetails = NO_REFUSAL


@exempt.asked_already("CardOwners.require is asked for each of the cards")
def shown_events(card_ids: Collection[int]) -> QuerySet[Event]:
    """The events of these cards that their histories show."""
    return Event.objects.filter(card_id__in=card_ids, kind__in=SHOWN)


class CardOwners:
    """Whose some cards are, read at once when first asked."""

    def __init__(self, card_ids: Collection[int]) -> None:
        self._card_ids = card_ids

    def require(self, card_id: int, *, actor: Actor) -> None:
        """Pass for a card's customer and for managers; raise NotAllowed, or NotFound for none."""
        if card_id not in self._customers:
            raise NotFound
        is_own = isinstance(actor, CustomerActor) and actor.id == self._customers[card_id]
        if not is_own:
            access.require(actor, Permission.READ_ANY_CARD)

    @cached_property
    def _customers(self) -> dict[int, int | None]:
        rows = Card.objects.filter(pk__in=self._card_ids)
        return dict(rows.values_list("id", "customer_id"))


def missed_by(*, actor: CustomerActor, first: int) -> list[CardLine]:
    """The customer's own newest refusals in programs of which there was no card then."""
    access.require(actor, Permission.READ_OWN_ACCOUNT)
    events = Event.objects.filter(
        kind=EventKind.REFUSED, customer_id=actor.id, card_id__isnull=True
    )
    return card_lines(list(events.order_by("-id")[:first]))


@exempt.asked_already("of lines that were read for the caller")
def card_lines(events: Sequence[Event]) -> list[CardLine]:
    """These lines, in as many statements for those of a hundred cards as for one line."""
    known = _LineNames(events)
    return [known.line(event) for event in events]


class _LineNames:
    """Everything that the lines name, each kind of thing read once."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.details = {event.pk: details_of(event.kind, event.details) for event in events}
        details = self.details.values()
        self.versions = _by_id(ProgramVersion.objects.select_related("program"), _versions(events))
        self.cards = _by_id(
            Card.objects.select_related("promise__program"), (event.card_id for event in events)
        )
        self.places = _by_id(Location.objects.all(), (event.location_id for event in events))
        bonuses = (number for each in details for number in each.gift_ids)
        self.gifts = gifts(list(_by_id(Bonus.objects.all(), bonuses).values()))
        self.taken_back = taken_back(events)
        self.products = _by_id(Product.objects.all(), (each.product_id for each in details))
        self.levels = _by_id(Level.objects.all(), (each.level_id for each in details))
        self.given = _given(events)
        self.moves = EntriesByLine(events)
        self.untrimmed = _untrimmed(events)

    def line(self, event: Event) -> CardLine:
        kind, details = EventKind(event.kind), self.details[event.pk]
        units, points = self._counted(event, kind)
        version = self.versions.get(event.version_id) or self.cards[event.card_id].promise
        place = self.places.get(event.location_id)
        product = self.products.get(details.product_id)
        level = self.levels.get(details.level_id)
        sale = details if isinstance(details, CollectedDetails) else None
        refund = details if isinstance(details, RefundedDetails) else None
        return CardLine(
            id=event.pk,
            kind=kind,
            at=event.at,
            program=version.program.name,
            units=units,
            untrimmed=self.untrimmed.get(event.pk),
            times=sale.times if sale else 1,
            moved=self.moves.moved(event),
            points=points,
            counts_money=counts_money(version),
            currency=version.program.currency,
            session_id=event.session_id,
            amount=event.amount,
            location=place.name if place else None,
            zone=place.time_zone if place else "UTC",
            gifts=tuple(self.gifts[number] for number in details.gift_ids if number in self.gifts),
            product=product.name if product else None,
            level=level.name if level else None,
            is_level_held=sale is not None and sale.is_new_hold,
            was_collected=event.session_id in self.given,
            is_imported=sale is not None and bool(sale.origin),
            taken_back=self.taken_back.get(event.pk),
            code=event.code,
            is_gone=refund is not None and refund.gone is not None,
            is_debt_lifted=refund is not None and refund.is_debt_lifted,
            refusal=details if isinstance(details, RefusedDetails) else NO_REFUSAL,
        )

    def _counted(self, event: Event, kind: EventKind) -> tuple[int, int]:
        match kind:
            case EventKind.COLLECTED:
                return event.units or 0, event.points or 0
            case EventKind.VOIDED:
                return self._taken_back(event)
            case EventKind.RECOUNTED:
                return 0, event.points or 0
            case EventKind.REFUNDED:
                return self.moves.of_kind(event, EntryKind.REFUND), 0
            case EventKind.EXPIRED:
                return self.moves.of_kind(event, EntryKind.EXPIRE), 0
            case _:
                return 0, 0

    def _taken_back(self, event: Event) -> tuple[int, int]:
        if event.session_id not in self.given:
            return 0, 0
        units, points = self.given[event.session_id]
        # What the sale gave until then: another undo may have changed it; and what others give now.
        given = points if event.points is None else event.points
        others = self.taken_back[event.pk].points if event.pk in self.taken_back else 0
        return -units, others - given


def _versions(events: Iterable[Event]) -> Iterable[int | None]:
    return (event.version_id for event in events)


def _by_id(rows: QuerySet[Any], numbers: Iterable[int | None]) -> dict[Any, Any]:
    found: dict[Any, Any] = rows.in_bulk({each for each in numbers if each is not None})
    return found


def _given(events: Iterable[Event]) -> dict[int | None, tuple[int, int]]:
    # What was taken back is what the collect gave, which may be more than the sale was worth.
    taken_back = [event.session_id for event in events if event.kind == EventKind.VOIDED]
    found = Event.objects.filter(Q(kind=EventKind.COLLECTED), session_id__in=taken_back)
    return {event.session_id: (event.units or 0, event.points or 0) for event in found}


def _untrimmed(events: Iterable[Event]) -> dict[int, int]:
    sales = {each.session_id or 0: each for each in events if each.kind == EventKind.COLLECTED}
    found = untrimmed_sales_for({number: event.units or 0 for number, event in sales.items()})
    return {sales[number].pk: units for number, units in found.items()}
