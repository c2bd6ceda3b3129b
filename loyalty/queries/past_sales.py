"""Everything that happened to one customer's cards, as the rules see it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.events import EventKind
from loyalty.models import Bonus, Card, Customer, EarnSession, Event, LedgerEntry
from loyalty.queries.card_facts import closed_days_of
from loyalty.queries.mechanics import stored_mechanic
from loyalty.queries.past_debts import past_debts
from loyalty.queries.past_ladders import Ladders, past_ladders
from loyalty.queries.past_order import Line, in_order
from loyalty.rules.birthday import Birthday, near_year
from loyalty.rules.occasions import card_gift
from loyalty.rules.past import Known, PastSale, Reviewed, Step, WrittenOff
from loyalty.rules.review_log import Kind
from loyalty.rules.visit import Visit
from loyalty.switches import Gift, from_stored
from loyalty.values import Mode

_OF_BONUSES = (EventKind.VOIDED, EventKind.REFUNDED)
Units = dict[int | None, int]
Details = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """The steps in their order, what held before, and what the log does not know of them.

    `has_levels`, `has_birthdays` and `has_debts` are False where lines of the log were written
    before it kept these; then levels are left out, and birthdays are those on file today.
    """

    steps: tuple[Step, ...]
    known: Known
    has_levels: bool
    has_birthdays: bool
    has_debts: bool


def past_of(customer: Customer, ladders: Ladders | None = None) -> Past:
    """All steps of the customer's cards that were not taken back; `ladders` if they are known."""
    ladders = ladders or past_ladders()
    cards = dict(Card.objects.filter(customer=customer).values_list("program_id", "id"))
    found = Event.objects.filter(card_id__in=cards.values())
    events = list(found.filter(kind__in=["collected", "voided", "expired", "refunded"]))
    lines = {each.session_id: each for each in events if each.kind == EventKind.COLLECTED}
    steps = [*_sales(customer, cards, lines), *_others(events)]
    levels = _levels(customer, ladders) if ladders.is_whole else []
    known = Known(
        ladders.first if ladders.is_whole else Known().ladder,
        ladders.gifts if ladders.is_whole else {},
        _taken(customer),
    )
    sales = [each for each in steps if isinstance(each.step, PastSale)]
    return Past(
        steps=tuple(in_order([*steps, *levels])),
        known=known,
        has_levels=ladders.is_whole,
        has_birthdays=all(_knows_birthday(each) for each in sales),
        has_debts=all("owed" in _details(each) for each in events if each.kind == "voided"),
    )


def _sales(
    customer: Customer, cards: Mapping[int, int], lines: Mapping[int | None, Event]
) -> Iterator[Line]:
    units, others_since = _units(customer.pk), _others_since(customer)
    found = EarnSession.objects.filter(customer=customer, status="collected")
    found = found.select_related("judged_by__product", "version__product", "location", "program")
    for each in found.order_by("pk"):
        event = lines.get(each.pk) or _unwritten(each, cards[each.program_id])
        visit = _visit(each, units[each.pk])
        step = PastSale(
            session_id=each.pk,
            card_id=cards[each.program_id],
            program_id=each.program_id,
            points=each.points,
            visit=visit,
            card_gift=_card_gift(each),
            near=_near(customer, visit, _details(event)),
            is_known=_is_known(event, others_since),
            is_imported=each.import_key is not None,
        )
        yield Line(event, step)


def _is_known(event: Event, others_since: int | None) -> bool:
    # As the log says; older lines do not, then by the other addresses' sales that still stand.
    since = others_since is not None and others_since < event.pk
    return bool(_details(event).get("known", since))


def _unwritten(session: EarnSession, card_id: int) -> Event:
    # Its line is missing, which the books tell of: it is taken for as old as its code.
    at = session.collected_at or session.created_at
    return Event(id=session.pk, at=at, session_id=session.pk, card_id=card_id)


def _others(events: list[Event]) -> Iterator[Line]:
    for event in events:
        if event.kind == EventKind.EXPIRED:
            yield Line(event, WrittenOff(event.card_id or 0, event.at))
    yield from past_debts([each for each in events if each.kind in _OF_BONUSES])


def _levels(customer: Customer, ladders: Ladders) -> Iterator[Line]:
    for event, change in ladders.changes:
        yield Line(event, change)
    reviews = Event.objects.filter(kind=EventKind.REVIEWED, customer_id=customer.pk)
    for event in reviews:
        details = _details(event)
        if details.get("kind") == Kind.LEVEL_HELD:
            is_approved = details["verdict"] == "approved"
            yield Line(event, Reviewed(event.at, is_approved, event.card_id))


def _taken(customer: Customer) -> frozenset[str]:
    # What a person gets once, and another address of theirs has had.
    given = Bonus.objects.filter(person=customer.person or customer.pk).exclude(occasion="")
    given = given.exclude(status="void").exclude(card__customer=customer)
    return frozenset(given.values_list("occasion", flat=True))


def _others_since(customer: Customer) -> int | None:
    # The first line of another address of the same mailbox.
    if customer.person is None:
        return None
    others = EarnSession.objects.filter(customer__person=customer.person, status="collected")
    sessions = others.exclude(customer=customer).values("pk")
    found = Event.objects.filter(kind=EventKind.COLLECTED, session_id__in=sessions)
    return found.order_by("id").values_list("id", flat=True).first()


def _near(customer: Customer, visit: Visit, details: Details) -> int | None:
    rule, month, day = visit.switches.birthday, customer.birth_month, customer.birth_day
    if rule is None or "birthday" in details:
        near: int | None = details.get("birthday")
        return near
    born = Birthday(month, day, customer.birthday_counts_from) if month and day else None
    return near_year(born, rule, at=visit.at, zone=visit.zone)


def _knows_birthday(line: Line) -> bool:
    sale = line.step
    has_none = isinstance(sale, PastSale) and sale.visit.switches.birthday is None
    return has_none or "birthday" in _details(line.event)


def _details(event: Event) -> Details:
    return event.details or {}


def _units(customer_id: int) -> defaultdict[int, Units]:
    found: defaultdict[int, Units] = defaultdict(dict)
    entries = LedgerEntry.objects.filter(
        kind="earn", session__customer_id=customer_id, session__status="collected"
    )
    for session_id, tier_id, units in entries.values_list("session_id", "tier_id", "units"):
        if session_id is not None:
            found[session_id][tier_id] = units
    return found


def _card_gift(session: EarnSession) -> Gift:
    version = session.judged_by or session.version
    given = version.product
    product = Gift(given.pk, title=given.name, worth=given.price or 0) if given else None
    menu, mode = session.program.name, Mode(version.mode)
    return card_gift(from_stored(version.switches), mode, menu=menu, product=product)


def _visit(session: EarnSession, units: Units) -> Visit:
    version = session.judged_by or session.version
    if session.collected_at is None:
        raise ValueError("This session was not collected.")
    return Visit(
        at=session.collected_at,
        zone=session.location.time_zone,
        units=units,
        mechanic=stored_mechanic(version),
        switches=from_stored(version.switches),
        closed=closed_days_of(session.location.opening_hours),
    )
