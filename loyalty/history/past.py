"""Everything that happened to one customer's cards, as the rules see it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.base.events import EventKind
from loyalty.base.tokens import RANDOM_BITS
from loyalty.counting.birthday import Birthday, near_year
from loyalty.counting.occasions import WELCOME
from loyalty.counting.visit import Visit
from loyalty.findings.review_log import FindingKind
from loyalty.history.debts import past_debts
from loyalty.history.level_tables import LevelTables, past_level_tables
from loyalty.history.order import StepLine, in_order
from loyalty.history.rows import CollectedSale, PastRows, past_rows
from loyalty.history.steps import HistoryStart, LevelReview, PastSale, Step, WriteOff
from loyalty.models import Customer, Event

Details = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerPast:
    """The steps in their order, what held before, and what the log does not know of them.

    `has_levels`, `has_birthdays` and `has_debts` are False where lines of the log were written
    before it kept these; then levels are left out, and birthdays are those on file today.
    `elsewhere` are occasions of which another address of the person has a bonus, or had one, or
    came first until its sales were taken back.
    """

    steps: tuple[Step, ...]
    known: HistoryStart
    has_levels: bool
    has_birthdays: bool
    has_debts: bool
    elsewhere: frozenset[str]

    @property
    def once(self) -> frozenset[str]:
        """The sources of what a person gets once, as far as the log knows all about them."""
        found = {"welcome"} | ({"birthday"} if self.has_birthdays else set())
        return frozenset(found | ({"level"} if self.has_levels else set()))


def past_of(customer: Customer) -> CustomerPast:
    """All steps of the customer's cards that were not taken back."""
    return past_in(past_rows([customer])[customer.pk], past_level_tables())


def past_in(rows: PastRows, level_tables: LevelTables) -> CustomerPast:
    """The same of rows that were read for many at once, and of all ladders that there were."""
    lines = {each.session_id: each for each in rows.events if each.kind == EventKind.COLLECTED}
    sales = list(_sales(rows, lines))
    levels = _levels(rows, level_tables) if level_tables.is_whole else []
    known = HistoryStart(
        level_tables.first if level_tables.is_whole else HistoryStart().level_table,
        level_tables.gifts if level_tables.is_whole else {},
        frozenset(rows.taken),
    )
    undone = [each for each in rows.events if each.kind == EventKind.VOIDED]
    return CustomerPast(
        steps=tuple(in_order([*sales, *_others(rows), *levels])),
        known=known,
        has_levels=level_tables.is_whole,
        has_birthdays=all(_knows_birthday(each) for each in sales),
        has_debts=all("owed" in _details(each) for each in undone),
        elsewhere=frozenset(rows.elsewhere | _once_known(sales, rows.others_since)),
    )


def _sales(rows: PastRows, lines: Mapping[int | None, Event]) -> Iterator[StepLine]:
    cards = {card.program_id: card.pk for card in rows.cards}
    for each in rows.sales:
        event = lines.get(each.id) or _unwritten(each, cards[each.program_id])
        visit = _visit(each, rows)
        step = PastSale(
            session_id=each.id,
            card_id=cards[each.program_id],
            program_id=each.program_id,
            points=each.points,
            visit=visit,
            card_reward=rows.shared.rules[each.version_id].card_reward,
            near=_near(rows.customer, visit, _details(event)),
            is_known=_is_known(event, rows.others_since),
            is_imported=each.import_key is not None,
            is_limited=_details(event).get("limited", True),
            rises_elsewhere=_details(event).get("rises_elsewhere", 0),
        )
        yield StepLine(event, step)


def _is_known(event: Event, others_since: int | None) -> bool:
    # As the log says, while a sale of another address that came before still stands. Older lines
    # do not say; two of one millisecond have ids in no order.
    said = _details(event).get("known")
    if said is None or others_since is None:
        return others_since is not None and others_since < event.pk
    return bool(said) and others_since >> RANDOM_BITS <= event.pk >> RANDOM_BITS


def _once_known(sales: Iterable[StepLine], others_since: int | None) -> set[str]:
    # Undos of before did not give what is earned without the other address's sale.
    known = (each.event for each in sales if _details(each.event).get("known"))
    return set() if all(_is_known(each, others_since) for each in known) else {WELCOME}


def _unwritten(sale: CollectedSale, card_id: int) -> Event:
    # Its line is missing, which the books tell of: it is taken for as old as its code.
    return Event(id=sale.id, at=sale.at, session_id=sale.id, card_id=card_id)


def _others(rows: PastRows) -> Iterator[StepLine]:
    for event in rows.events:
        if event.kind == EventKind.EXPIRED:
            yield StepLine(event, WriteOff(event.card_id or 0, event.at))
    yield from past_debts(rows.events, rows.shared.given)


def _levels(rows: PastRows, level_tables: LevelTables) -> Iterator[StepLine]:
    for event, change in level_tables.changes:
        yield StepLine(event, change)
    for event in rows.reviews:
        details = _details(event)
        if details.get("kind") == FindingKind.LEVEL_HELD:
            is_approved = details["verdict"] == "approved"
            yield StepLine(event, LevelReview(event.at, is_approved, event.card_id))


def _near(customer: Customer, visit: Visit, details: Details) -> int | None:
    rule, month, day = visit.switches.birthday, customer.birth_month, customer.birth_day
    if rule is None or "birthday" in details:
        near: int | None = details.get("birthday")
        return near
    born = Birthday(month, day, customer.birthday_counts_from) if month and day else None
    return near_year(born, rule, at=visit.at, zone=visit.zone)


def _knows_birthday(line: StepLine) -> bool:
    sale = line.step
    has_none = isinstance(sale, PastSale) and sale.visit.switches.birthday is None
    return has_none or "birthday" in _details(line.event)


def _details(event: Event) -> Details:
    return event.details or {}


def _visit(sale: CollectedSale, rows: PastRows) -> Visit:
    rules, place = rows.shared.rules[sale.version_id], rows.shared.places[sale.location_id]
    return Visit(
        at=sale.at,
        zone=place.zone,
        units=rows.units[sale.id],
        mechanic=rules.mechanic,
        switches=rules.switches,
        closed=place.closed,
    )
