"""What undos leave owed for bonuses that were used: its size, its steps, what refunds lift of it.

A refund lifts a debt for a bonus that, after all, nobody has had. It is lifted where it arose, so
that all ends as if the bonus had been put back first and its sale taken back then.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from loyalty.base.events import EventKind
from loyalty.base.states import BonusSource
from loyalty.events.debts import DebtLift, OwedFigures
from loyalty.events.redemptions import RefundedDetails
from loyalty.events.sales import VoidedDetails
from loyalty.history.replay import CardHistory, RaisedBonus
from loyalty.history.steps import LinePlace, Step, StepLine, UndoDebt, place_of
from loyalty.models import Bonus, Event

_OF_BONUSES = (EventKind.VOIDED, EventKind.REFUNDED)


class OccasionBonus(NamedTuple):
    """A bonus for an occasion, and the card on which it lies."""

    card_id: int
    occasion: str


def debt(
    card_id: int,
    used: Iterable[RaisedBonus],
    *,
    before: CardHistory,
    after: CardHistory,
    at: datetime,
) -> UndoDebt:
    """What the card owes for these: the units that its completions took, and the next streaks."""
    mine = [each.earned_reward for each in used if each.card_id == card_id]
    kept = Counter(each.tier_id for each in mine if each.source == BonusSource.CARD)
    return UndoDebt(
        card_id,
        at,
        units={
            tier: count * _price(card_id, tier, before=before, after=after)
            for tier, count in kept.items()
        },
        bonuses=kept.total(),
        cards=kept,
        streaks=sum(each.source == BonusSource.STREAK for each in mine),
    )


def given_in(events: Sequence[Event]) -> dict[int, OccasionBonus]:
    """The bonuses for an occasion that undos and refunds among these lines name, by their ids."""
    named = (event for event in events if event.kind in _OF_BONUSES)
    wanted = {number for event in named for number in (*_kept(event), *_gone(event))}
    if not wanted:
        return {}
    found = Bonus.objects.filter(pk__in=wanted).exclude(occasion="")
    rows = found.values_list("pk", "card_id", "occasion")
    return {number: OccasionBonus(card_id, occasion) for number, card_id, occasion in rows}


def past_debts(events: Sequence[Event], given: Mapping[int, OccasionBonus]) -> Iterator[StepLine]:
    """The debts of each undo, and the bonuses for an occasion that it left given or took.

    What a refund lifted later on is not among them. A refund may take bonuses and leave debts of
    its own. Of one customer's lines; `given` are at least the bonuses that they name.
    """
    done = [lift for event in events for lift in lifts_in(event)]
    for event in events:
        if event.kind not in _OF_BONUSES:
            continue
        step = less(_owed(event, given), done)
        if event.kind == EventKind.VOIDED or event.card_version:
            yield StepLine(place_of(event), step)
        elif step.gone:
            # Older refunds have no version of the card in their line: their place is by their time.
            yield StepLine(LinePlace(event.pk, event.at), step)


def lifts_in(event: Event) -> tuple[DebtLift, ...]:
    """What this line of the log lifted of debts; of a refund alone."""
    if event.kind != EventKind.REFUNDED:
        return ()
    return RefundedDetails.from_stored(event.details).lifted or ()


def figures_of(owed: UndoDebt) -> OwedFigures:
    """What a line leaves owed, as the log keeps it; `past_debts` reads it."""
    return OwedFigures(owed.units, owed.bonuses, owed.streaks, owed.cards)


def lifts(
    steps: Iterable[Step], *, card_id: int, source: str, tier_id: int | None, occasion: str
) -> list[DebtLift]:
    """What is lifted for a bonus of this kind: the newest debt that one of its kind left.

    What was sold since an older one has paid for it, and must not raise a bonus beside a debt. For
    an occasion all that is said of it goes, since a person has it once.
    """
    owed = [step for step in steps if isinstance(step, UndoDebt)]
    if occasion:
        return [DebtLift(each.event, occasion=occasion) for each in owed if occasion in each.kept]
    mine = [each for each in owed if each.card_id == card_id]
    found = _of_streak(mine) if source == BonusSource.STREAK else _of_card(mine, tier_id)
    return found[-1:]


def lifted(steps: Sequence[Step], done: Sequence[DebtLift]) -> list[Step]:
    """The steps, without what was lifted."""
    return [less(step, done) if isinstance(step, UndoDebt) else step for step in steps]


def less(owed: UndoDebt, done: Iterable[DebtLift]) -> UndoDebt:
    """What is left of a debt."""
    for each in done:
        if each.event == owed.event:
            owed = _less(owed, each)
    return owed


def _price(card_id: int, tier: int | None, *, before: CardHistory, after: CardHistory) -> int:
    # What each of the completions that are gone had taken.
    key = (card_id, tier)
    consumed = before.consumed[key] - after.consumed[key]
    lost = sum(
        sign
        for history, sign in ((before, 1), (after, -1))
        for each in history.raised
        if each.key[:3] == (card_id, BonusSource.CARD, tier)
    )
    return consumed // lost if lost else 0


def _owed(event: Event, rows: Mapping[int, OccasionBonus]) -> UndoDebt:
    owed = _details(event).owed or OwedFigures()
    kept = [rows[number] for number in _kept(event) if number in rows]
    return UndoDebt(
        event.card_id or 0,
        event.at,
        owed.units,
        owed.bonuses,
        owed.streaks,
        kept={each.occasion: each.card_id for each in kept},
        gone=tuple(rows[number].occasion for number in _gone(event) if number in rows),
        cards=owed.cards,
        event=event.pk,
    )


def _kept(event: Event) -> tuple[int, ...]:
    undone = _details(event).undone
    return undone.kept if undone else ()


def _gone(event: Event) -> tuple[int, ...]:
    details = _details(event)
    own = details.gone if isinstance(details, RefundedDetails) else None
    others = details.undone.gone if details.undone else ()
    return others if own is None else (own, *others)


def _details(event: Event) -> VoidedDetails | RefundedDetails:
    if event.kind == EventKind.VOIDED:
        return VoidedDetails.from_stored(event.details)
    return RefundedDetails.from_stored(event.details)


def _less(owed: UndoDebt, lift: DebtLift) -> UndoDebt:
    cards = {tier: count - (tier in lift.units) for tier, count in owed.cards.items()}
    units = {tier: owing - lift.units.get(tier, 0) for tier, owing in owed.units.items()}
    return replace(
        owed,
        units={tier: owing for tier, owing in units.items() if owing},
        bonuses=owed.bonuses - len(lift.units),
        cards={tier: count for tier, count in cards.items() if count},
        streaks=owed.streaks - lift.streaks,
        kept={what: card for what, card in owed.kept.items() if what != lift.occasion},
    )


def _of_streak(owed: Iterable[UndoDebt]) -> list[DebtLift]:
    return [DebtLift(each.event, streaks=1) for each in owed if each.streaks]


def _of_card(owed: Iterable[UndoDebt], tier_id: int | None) -> list[DebtLift]:
    return [
        DebtLift(each.event, {tier_id: each.units[tier_id] // _count(each, tier_id)})
        for each in owed
        if each.units.get(tier_id)
    ]


def _count(owed: UndoDebt, tier_id: int | None) -> int:
    # Lines from before the log counted by counter: each of the bonuses had cost the same.
    price = max(1, sum(owed.units.values()) // max(1, owed.bonuses))
    return owed.cards.get(tier_id) or max(1, owed.units[tier_id] // price)
