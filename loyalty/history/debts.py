"""What undos left of bonuses that were used, as steps of a customer's past."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from loyalty.base.events import EventKind
from loyalty.events.debts import DebtLift, OwedFigures
from loyalty.events.redemptions import RefundedDetails
from loyalty.events.sales import VoidedDetails
from loyalty.history.lift import less
from loyalty.history.order import LinePlace, StepLine, place_of
from loyalty.history.steps import UndoDebt
from loyalty.models import Bonus, Event

_OF_BONUSES = (EventKind.VOIDED, EventKind.REFUNDED)


class OccasionBonus(NamedTuple):
    """A bonus for an occasion, and the card on which it lies."""

    card_id: int
    occasion: str


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
