"""The rows that pasts are made of: each table is read once for all customers of a batch.

By its keys alone: a join may be planned row by row where the planner has not yet heard of what a
table holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from loyalty.base.events import EventKind
from loyalty.base.states import BonusStatus, EntryKind, SessionStatus
from loyalty.base.values import Mechanic, Mode
from loyalty.cards.facts import closed_days_of
from loyalty.counting.occasions import card_reward
from loyalty.history.debts import OccasionBonus, given_in
from loyalty.models import (
    Bonus,
    Card,
    Customer,
    EarnSession,
    Event,
    LedgerEntry,
    Location,
    ProgramVersion,
)
from loyalty.programs.mechanics import stored_mechanic
from loyalty.switches import Reward, Switches, from_stored

Units = dict[int | None, int]
_STEPS = (EventKind.COLLECTED, EventKind.VOIDED, EventKind.EXPIRED, EventKind.REFUNDED)


class CollectedSale(NamedTuple):
    """A session that stands.

    `version_id` is the version that its card promised, `minted_by_id` the one on its code; `units`
    and `tier_units` are the code's.
    """

    id: int
    customer_id: int
    program_id: int
    version_id: int
    minted_by_id: int
    location_id: int
    at: datetime
    created_at: datetime
    points: int
    points_given: int
    import_key: bytes | None
    units: int
    tier_units: dict[str, int] | None
    quantity: int | None
    amount: int | None
    product_id: int | None
    # As the code's snapshot says, where an hour counted more than once.
    times: str | None
    zone: str | None

    @property
    def per_counter(self) -> Units:
        """The code's units for each tier's counter, or for the only one (None)."""
        if self.tier_units is None:
            return {None: self.units}
        return {int(tier): count for tier, count in self.tier_units.items()}


class PastRules(NamedTuple):
    """A version of a program, and what a card that it fills gives."""

    mechanic: Mechanic
    switches: Switches
    card_reward: Reward


class PastLocation(NamedTuple):
    """A location as it is today: its time zone, and the weekdays on which it is closed."""

    zone: str
    closed: frozenset[int]


class GivenOnce(NamedTuple):
    """What a person was given once, at which of their addresses, and whether it stands."""

    customer_id: int | None
    occasion: str
    is_there: bool


@dataclass(slots=True)
class SharedRows:
    """What many customers have in common: rules by version, places, bonuses that undos name."""

    rules: Mapping[int, PastRules]
    places: Mapping[int, PastLocation]
    given: Mapping[int, OccasionBonus]


@dataclass(slots=True)
class PastRows:
    """One customer's rows in the order of their ids.

    `units` are those that each sale gave, by counter; `taken` what a person gets once and another
    address of theirs has, `elsewhere` what one has or had; `others_since` the first line of such an
    address.
    """

    customer: Customer
    shared: SharedRows
    cards: list[Card] = field(default_factory=list)
    sales: list[CollectedSale] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    reviews: list[Event] = field(default_factory=list)
    units: defaultdict[int, Units] = field(default_factory=lambda: defaultdict(dict))
    taken: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    others_since: int | None = None


def past_rows(customers: Sequence[Customer]) -> dict[int, PastRows]:
    """The rows of these customers, by their ids."""
    cards = list(Card.objects.filter(customer__in=customers).order_by("pk"))
    events = _events(cards)
    sales = _sales(customers)
    rules = rules_of({number for each in sales for number in (each.version_id, each.minted_by_id)})
    shared = SharedRows(rules, places_of(each.location_id for each in sales), given_in(events))
    found = {each.pk: PastRows(each, shared) for each in customers}
    owners = {card.pk: found[card.customer_id or 0] for card in cards}
    for card in cards:
        owners[card.pk].cards.append(card)
    for event in events:
        owners[event.card_id or 0].events.append(event)
    for sale in sales:
        found[sale.customer_id].sales.append(sale)
    _add_units(found)
    reviews = Event.objects.filter(kind=EventKind.REVIEWED, customer_id__in=list(found))
    for event in reviews.order_by("pk"):
        found[event.customer_id or 0].reviews.append(event)
    _add_others(found)
    return found


def _events(cards: Iterable[Card]) -> list[Event]:
    found = Event.objects.filter(card_id__in=[card.pk for card in cards], kind__in=_STEPS)
    return list(found.defer("policy").order_by("pk"))


def _sales(customers: Sequence[Customer]) -> list[CollectedSale]:
    found = EarnSession.objects.filter(
        customer__in=customers, status=SessionStatus.COLLECTED
    ).order_by("pk")
    # What is named otherwise on the row; all else is a column of its own.
    renamed: dict[str, F | Coalesce | KeyTextTransform] = {
        "version_id": Coalesce("judged_by_id", "version_id"),
        "minted_by_id": F("version_id"),
        "at": F("collected_at"),
        "times": KeyTextTransform("times", "policy"),
        "zone": KeyTextTransform("zone", "policy"),
    }
    columns = [renamed.get(name, name) for name in CollectedSale._fields]
    return [CollectedSale(*row) for row in found.values_list(*columns)]


def _add_units(found: Mapping[int, PastRows]) -> None:
    owners = {sale.id: each for each in found.values() for sale in each.sales}
    entries = LedgerEntry.objects.filter(kind=EntryKind.EARN, session__in=list(owners))
    for session_id, tier_id, units in entries.values_list("session_id", "tier_id", "units"):
        owners[session_id or 0].units[session_id or 0][tier_id] = units


def _add_others(found: Mapping[int, PastRows]) -> None:
    people = {each.customer.whose for each in found.values()}
    given = Bonus.objects.filter(person__in=people).exclude(occasion="")
    had = defaultdict[int, list[GivenOnce]](list)
    rows = list(given.values_list("person", "card_id", "occasion", "status"))
    cards = Card.objects.filter(pk__in={card_id for _, card_id, *_ in rows})
    owner_of = dict(cards.values_list("pk", "customer_id"))
    for person, card_id, occasion, status in rows:
        is_there = status != BonusStatus.VOID
        had[person or 0].append(GivenOnce(owner_of[card_id], occasion, is_there))
    since = _first_lines({each.customer.person for each in found.values()} - {None})
    for number, each in found.items():
        person = each.customer.person
        others = [given for given in had[each.customer.whose] if given.customer_id != number]
        each.elsewhere = {given.occasion for given in others}
        each.taken = {given.occasion for given in others if given.is_there}
        lines = (line for owner, line in since[person].items() if owner != number)
        each.others_since = min(lines, default=None)


def _first_lines(people: Iterable[int | None]) -> defaultdict[int | None, dict[int | None, int]]:
    # By person and address, for those who have several.
    found = defaultdict[int | None, dict[int | None, int]](dict)
    everybody = dict(Customer.objects.filter(person__in=people).values_list("id", "person"))
    addresses = Counter(everybody.values())
    owners = {owner: person for owner, person in everybody.items() if addresses[person] > 1}
    sales = EarnSession.objects.filter(customer__in=owners, status=SessionStatus.COLLECTED)
    owner_of = dict(sales.values_list("id", "customer_id"))
    lines = Event.objects.filter(kind=EventKind.COLLECTED, session_id__in=list(owner_of))
    for session_id, line in lines.values_list("session_id", "id"):
        owner = owner_of[session_id or 0]
        of_person = found[owners[owner or 0]]
        of_person[owner] = min(line, of_person.get(owner, line))
    return found


def rules_of(numbers: Iterable[int]) -> dict[int, PastRules]:
    """The rules of these versions, by their ids."""
    versions = ProgramVersion.objects.select_related("product", "program")
    return {number: _rules(each) for number, each in versions.in_bulk(list(numbers)).items()}


def places_of(numbers: Iterable[int]) -> dict[int, PastLocation]:
    """The places with these ids."""
    found = Location.objects.in_bulk(set(numbers)).items()
    return {
        number: PastLocation(each.time_zone, closed_days_of(each.opening_hours))
        for number, each in found
    }


def _rules(version: ProgramVersion) -> PastRules:
    given, switches = version.product, from_stored(version.switches)
    product = Reward(given.pk, title=given.name, worth=given.price or 0) if given else None
    menu, mode = version.program.name, Mode(version.mode)
    gift = card_reward(switches, mode, menu=menu, product=product)
    return PastRules(stored_mechanic(version), switches, gift)
