"""What undos left of bonuses that were used, as steps of a customer's past."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from loyalty.base.events import EventKind
from loyalty.history.lift import DebtLift, less
from loyalty.history.order import StepLine
from loyalty.history.steps import UndoDebt
from loyalty.history.undone import from_stored
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
            yield StepLine(event, step)
        elif step.gone:
            # Older refunds have no version of the card in their line: their place is by their time.
            yield StepLine(Event(id=event.pk, at=event.at), step)


def lifts_in(event: Event) -> list[DebtLift]:
    """What this line of the log lifted of debts; of a refund alone."""
    if event.kind != EventKind.REFUNDED:
        return []
    found: list[dict[str, Any]] = (event.details or {}).get("lifted", [])
    return [
        DebtLift(each["event"], dict(each["units"]), each["streaks"], each["occasion"])
        for each in found
    ]


def stored_lift(lift: DebtLift) -> dict[str, Any]:
    """The same, as the log keeps it."""
    return {
        "event": lift.event,
        "units": list(lift.units.items()),
        "streaks": lift.streaks,
        "occasion": lift.occasion,
    }


def stored_debts(owed: UndoDebt) -> dict[str, Any]:
    """What a line leaves owed, as the log keeps it; `past_debts` reads it."""
    # Kept when empty too: anybody who counts again must know from when on a card owed what.
    found: dict[str, Any] = {
        "units": list(owed.units.items()),
        "bonuses": owed.bonuses,
        "streaks": owed.streaks,
    }
    return {**found, "cards": list(owed.cards.items())} if owed.cards else found


def _owed(event: Event, rows: Mapping[int, OccasionBonus]) -> UndoDebt:
    owed = (event.details or {}).get("owed") or {}
    kept = [rows[number] for number in _kept(event) if number in rows]
    return UndoDebt(
        event.card_id or 0,
        event.at,
        dict(owed.get("units", ())),
        owed.get("bonuses", 0),
        owed.get("streaks", 0),
        kept={each.occasion: each.card_id for each in kept},
        gone=tuple(rows[number].occasion for number in _gone(event) if number in rows),
        cards=dict(owed.get("cards", ())),
        event=event.pk,
    )


def _kept(event: Event) -> tuple[int, ...]:
    return from_stored((event.details or {}).get("undone") or {}).kept


def _gone(event: Event) -> tuple[int, ...]:
    details = event.details or {}
    own = (details["gone"],) if event.kind == EventKind.REFUNDED and "gone" in details else ()
    return (*own, *from_stored(details.get("undone") or {}).gone)
