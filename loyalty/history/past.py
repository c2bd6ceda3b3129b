"""Everything that happened to one customer's cards, as the rules see it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from loyalty.base.events import EventKind
from loyalty.base.states import BonusSource, FindingKind, FindingStatus
from loyalty.base.tokens import RANDOM_BITS
from loyalty.counting.birthday import Birthday, near_year
from loyalty.counting.occasions import WELCOME
from loyalty.counting.visit import Visit
from loyalty.events.details import NOT_SAID
from loyalty.events.people import ReviewedDetails
from loyalty.events.sales import CollectedDetails, VoidedDetails
from loyalty.history.debts import past_debts
from loyalty.history.level_tables import LevelTables, past_level_tables
from loyalty.history.rows import CollectedSale, PastRows, past_rows
from loyalty.history.steps import (
    HistoryStart,
    LevelReview,
    LinePlace,
    PastSale,
    Step,
    StepLine,
    WriteOff,
    in_order,
    place_of,
)
from loyalty.models import Customer, Event


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
        found = {BonusSource.WELCOME} | ({BonusSource.BIRTHDAY} if self.has_birthdays else set())
        return frozenset(found | ({BonusSource.LEVEL} if self.has_levels else set()))


def past_of(customer: Customer) -> CustomerPast:
    """All steps of the customer's cards that were not taken back."""
    return past_in(past_rows([customer])[customer.pk], past_level_tables())


def past_in(rows: PastRows, level_tables: LevelTables) -> CustomerPast:
    """The same of rows that were read for many at once, and of all level tables that there were."""
    sales = list(_sales(rows))
    levels = _levels(rows, level_tables) if level_tables.is_whole else []
    known = HistoryStart(
        level_tables.first if level_tables.is_whole else HistoryStart().level_table,
        level_tables.gifts if level_tables.is_whole else {},
        frozenset(rows.taken),
    )
    undone = [each for each in rows.events if each.kind == EventKind.VOIDED]
    return CustomerPast(
        steps=tuple(in_order([*(each.line for each in sales), *_others(rows), *levels])),
        known=known,
        has_levels=level_tables.is_whole,
        has_birthdays=all(each.knows_birthday for each in sales),
        has_debts=all(VoidedDetails.from_stored(each.details).owed is not None for each in undone),
        elsewhere=frozenset(rows.elsewhere | _once_known(sales, rows.others_since)),
    )


class _SaleLine(NamedTuple):
    """The line of a sale, what its details say, and the sale as the rules see it."""

    place: LinePlace
    details: CollectedDetails
    sale: PastSale

    @property
    def line(self) -> StepLine:
        return StepLine(self.place, self.sale)

    @property
    def knows_birthday(self) -> bool:
        is_said = self.details.birthday is not NOT_SAID
        return is_said or self.sale.visit.switches.birthday is None


def _sales(rows: PastRows) -> Iterator[_SaleLine]:
    cards = {card.program_id: card.pk for card in rows.cards}
    lines = {each.session_id: each for each in rows.events if each.kind == EventKind.COLLECTED}
    for each in rows.sales:
        card_id, event = cards[each.program_id], lines.get(each.id)
        details = CollectedDetails.from_stored(event.details if event else None)
        place = _place(each, card_id, event, details)
        visit = _visit(each, rows)
        sale = PastSale(
            session_id=each.id,
            card_id=card_id,
            program_id=each.program_id,
            points=each.points,
            visit=visit,
            card_reward=rows.shared.rules[each.version_id].card_reward,
            near=_near(rows.customer, visit, details),
            is_known=_is_known(details, place.number, rows.others_since),
            is_imported=each.import_key is not None,
            is_limited=details.is_limited,
            rises_elsewhere=details.rises_elsewhere,
        )
        yield _SaleLine(place, details, sale)


def _place(
    sale: CollectedSale, card_id: int, event: Event | None, details: CollectedDetails
) -> LinePlace:
    if event is None:
        # Its line is missing, which the books tell of: it is taken for as old as its code.
        return LinePlace(sale.id, sale.at, sale.id, card_id)
    return place_of(event, levels_set_by=details.levels_set_by)


def _is_known(details: CollectedDetails, line: int, others_since: int | None) -> bool:
    # As the log says, while a sale of another address that came before still stands. Older lines
    # do not say; two of one millisecond have ids in no order.
    if details.is_known is None or others_since is None:
        return others_since is not None and others_since < line
    return details.is_known and others_since >> RANDOM_BITS <= line >> RANDOM_BITS


def _once_known(sales: Iterable[_SaleLine], others_since: int | None) -> set[str]:
    # Undos of before did not give what is earned without the other address's sale.
    known = [each for each in sales if each.details.is_known]
    is_same = all(_is_known(each.details, each.place.number, others_since) for each in known)
    return set() if is_same else {WELCOME}


def _others(rows: PastRows) -> Iterator[StepLine]:
    for event in rows.events:
        if event.kind == EventKind.EXPIRED:
            yield StepLine(place_of(event), WriteOff(event.card_id or 0, event.at))
    yield from past_debts(rows.events, rows.shared.given)


def _levels(rows: PastRows, level_tables: LevelTables) -> Iterator[StepLine]:
    for event, change in level_tables.changes:
        yield StepLine(place_of(event), change)
    for event in rows.reviews:
        details = ReviewedDetails.from_stored(event.details)
        if details.finding_kind == FindingKind.LEVEL_HELD:
            is_approved = details.verdict == FindingStatus.APPROVED
            yield StepLine(place_of(event), LevelReview(event.at, is_approved, event.card_id))


def _near(customer: Customer, visit: Visit, details: CollectedDetails) -> int | None:
    rule, month, day = visit.switches.birthday, customer.birth_month, customer.birth_day
    if details.birthday is not NOT_SAID:
        return details.birthday
    if rule is None:
        return None
    born = Birthday(month, day, customer.birthday_counts_from) if month and day else None
    return near_year(born, rule, at=visit.at, zone=visit.zone)


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
