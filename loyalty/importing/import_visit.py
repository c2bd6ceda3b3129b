"""Adds imported visits to a card, one after the other, by the rules of a collect."""

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Self

from loyalty.base.states import SessionStatus
from loyalty.cards.facts import CardFacts, CardRules
from loyalty.counting.activity import Activity, counted, past_at
from loyalty.counting.level_table import LevelTable, VisitPoints
from loyalty.counting.levels import LevelStatus
from loyalty.counting.line_units import LineCounting
from loyalty.counting.sale import CountedSale, count_sale
from loyalty.counting.sale_units import SaleUnits, credited_units
from loyalty.counting.visit import CardState
from loyalty.earning.credit_values import NewBonus, SessionCredit
from loyalty.earning.decide_sale import expires_at, sale_on_card
from loyalty.earning.facts import CollectFacts, CollectingCustomer, PersonFacts, SessionFacts
from loyalty.importing.facts import ImportFacts, StoredCard
from loyalty.importing.import_numbers import random_ids
from loyalty.importing.import_target import ImportTarget
from loyalty.importing.line_store import VisitLine

ORIGIN = "import"
_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What all visits of an import share; `rules` and `counted` by the version's id.

    `numbers` are ids that grow: among a person's sales and bonuses a later one has a higher id.
    """

    target: ImportTarget
    rules: Mapping[int, CardRules]
    counted: Mapping[int, LineCounting]
    facts: ImportFacts
    numbers: Iterator[int]
    policy: str
    now: datetime
    card_ids: Iterator[int] = field(default_factory=random_ids)


@dataclass(slots=True)
class RunningCard:
    """A customer's card while visits are added to it.

    `stored` is the card as it was, if any, and `stood` the level's standing then.
    """

    customer_id: int
    customer: CollectingCustomer
    card_id: int
    promise_id: int
    stood: LevelStatus
    stored: StoredCard | None = None
    version: int = 0
    visits: int = 0
    points: int = 0
    past_bonuses: int = 0
    state: CardState = field(default_factory=CardState)
    activity: Activity = field(default_factory=Activity)
    given: list[VisitPoints] = field(default_factory=list)
    last: SessionCredit | None = None

    @classmethod
    def of(cls, customer_id: int, customer: CollectingCustomer, context: ImportContext) -> Self:
        """The customer's card ahead of the first visit; a new one gets a random number."""
        facts, level_status = context.facts, customer.level_status
        stored, given = facts.cards.get(customer_id), facts.given[customer_id]
        activity = _latest(given, facts.levels.level_table)
        if stored is None:
            newest = context.target.rules.promise_id
            number = next(context.card_ids)
            return cls(
                customer_id, customer, number, newest, level_status, activity=activity, given=given
            )
        return cls(
            customer_id,
            customer,
            stored.id,
            stored.promise_id,
            level_status,
            stored,
            version=stored.version,
            visits=stored.visits,
            points=stored.points,
            past_bonuses=stored.past_bonuses,
            state=stored.state,
            activity=activity,
            given=given,
        )


def import_visit(running: RunningCard, line: VisitLine, context: ImportContext) -> SessionCredit:
    """What the visit does to the card, which is moved on to it.

    Nothing is refused or held for review: caps, cooldowns, the makers' own cards, the program's
    budget and the limit on rises are for sales at the counter.
    """
    session = _session(line, context, customer_id=running.customer_id)
    card = _card(running, context)
    facts = CollectFacts(session, None, card, _person(running, context, at=line.at), line.at)
    sale = sale_on_card(facts, units=_units(running, line, context), is_limited=False)
    counted_sale = count_sale(sale)
    change = SessionCredit(
        session=session,
        card=card,
        customer=running.customer,
        counted_sale=counted_sale,
        raised=[
            NewBonus(
                next(context.numbers), each, line.at, expires_at(each.gift, card.rules, at=line.at)
            )
            for each in counted_sale.rewards
        ],
        customer_id=running.customer_id,
        card_id=running.card_id,
        version=running.version + 1,
        event_id=next(context.numbers),
        at=line.at,
        now=context.now,
        origin=ORIGIN,
        levels_set_by=context.facts.levels.set_by,
    )
    _move_on(running, change, context)
    return change


def _session(line: VisitLine, context: ImportContext, *, customer_id: int) -> SessionFacts:
    target = context.target
    return SessionFacts(
        id=next(context.numbers),
        status=SessionStatus.COLLECTED,
        units=line.earned,
        points=target.rules.switches.points,
        program_id=target.program_id,
        version_id=target.rules.promise_id,
        location_id=target.location_id,
        staff_id=None,
        preset_id=None,
        amount=line.amount,
        policy=context.policy,
        expires_at=line.at,
        customer_id=customer_id,
        outcome=None,
        tier_units=None,
        quantity=line.units,
        created_at=line.at,
    )


def _units(running: RunningCard, line: VisitLine, context: ImportContext) -> SaleUnits:
    # Counted by the newest numbers; a card that started under kinder ones gets what those give,
    # as far as one line may fill cards.
    newest = context.target.rules
    own = SaleUnits({None: line.earned}, line.earned)
    if running.promise_id == newest.promise_id:
        return own
    promised = context.counted[running.promise_id].units(amount=line.amount, units=line.units)
    return credited_units(
        own,
        SaleUnits({None: max(line.earned, promised)}, promised),
        minted=newest.mechanic,
        promise=context.rules[running.promise_id].mechanic,
    )


def _person(running: RunningCard, context: ImportContext, *, at: datetime) -> PersonFacts:
    facts = context.facts
    known = facts.occasions[running.customer.person] if running.customer.person else []
    past = past_at(running.given, running.activity, facts.levels.level_table, at=at)
    return PersonFacts(running.customer, facts.levels, past, known)


def _latest(given: list[VisitPoints], level_table: LevelTable) -> Activity:
    return (
        counted(given, level_table, at=given[-1].at) if given and level_table.levels else Activity()
    )


def _card(running: RunningCard, context: ImportContext) -> CardFacts:
    seen = context.facts
    is_known = running.customer_id in seen.seen or running.customer.person in seen.seen_persons
    return CardFacts(
        rules=context.rules[running.promise_id],
        budget=None,
        card_id=running.card_id,
        version=running.version,
        visits=running.visits,
        points=running.points,
        state=running.state,
        past_bonuses=running.past_bonuses,
        is_first=not is_known,
    )


def _move_on(running: RunningCard, change: SessionCredit, context: ImportContext) -> None:
    counted_sale: CountedSale = change.counted_sale
    facts, person = context.facts, running.customer.person
    running.version = change.version
    running.visits += 1
    running.points += counted_sale.level_change.points
    running.past_bonuses += len(change.raised)
    running.state = counted_sale.visit_result.card
    running.promise_id = change.promise_id
    running.last = change
    facts.seen.add(running.customer_id)
    if person is not None:
        facts.seen_persons.add(person)
        occasions = [
            each.earned_reward.occasion for each in change.raised if each.earned_reward.occasion
        ]
        facts.occasions[person].extend(occasions)
    if facts.levels.level_table.levels:
        insort(running.given, counted_sale.level_change.given(change.at), key=_at)
        running.activity = counted_sale.level_change.activity
        running.customer = replace(
            running.customer, level_status=counted_sale.level_change.level_status
        )
