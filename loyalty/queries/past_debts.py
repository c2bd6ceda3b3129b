"""What undos left of bonuses that were used, as steps of a customer's past."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from loyalty.events import EventKind
from loyalty.models import Bonus, Event
from loyalty.queries.past_order import Line
from loyalty.rules.past import Owed
from loyalty.rules.undone import from_stored

_OF_BONUSES = (EventKind.VOIDED, EventKind.REFUNDED)


class Given(NamedTuple):
    """A bonus for an occasion, and the card on which it lies."""

    card_id: int
    occasion: str


def given_in(events: Sequence[Event]) -> dict[int, Given]:
    """The bonuses for an occasion that undos and refunds among these lines name, by their ids."""
    named = (event for event in events if event.kind in _OF_BONUSES)
    wanted = {number for event in named for number in (*_kept(event), *_gone(event))}
    if not wanted:
        return {}
    found = Bonus.objects.filter(pk__in=wanted).exclude(occasion="")
    rows = found.values_list("pk", "card_id", "occasion")
    return {number: Given(card_id, occasion) for number, card_id, occasion in rows}


def past_debts(events: Sequence[Event], given: Mapping[int, Given]) -> Iterator[Line]:
    """The debts of each undo, and the bonuses for an occasion that it left given or took.

    A refund later on may take such a bonus after all. Of one customer's lines; `given` are at
    least the bonuses that they name.
    """
    for event in events:
        if event.kind not in _OF_BONUSES:
            continue
        step = _owed(event, given)
        if event.kind == EventKind.VOIDED:
            yield Line(event, step)
        elif step.gone:
            # A refund has no version of the card in its line: its place is by its time.
            yield Line(Event(id=event.pk, at=event.at), step)


def _owed(event: Event, rows: Mapping[int, Given]) -> Owed:
    owed = (event.details or {}).get("owed") or {}
    kept = [rows[number] for number in _kept(event) if number in rows]
    return Owed(
        event.card_id or 0,
        event.at,
        dict(owed.get("units", ())),
        owed.get("bonuses", 0),
        owed.get("streaks", 0),
        kept={each.occasion: each.card_id for each in kept},
        gone=tuple(rows[number].occasion for number in _gone(event) if number in rows),
    )


def _kept(event: Event) -> tuple[int, ...]:
    return from_stored((event.details or {}).get("undone") or {}).kept


def _gone(event: Event) -> tuple[int, ...]:
    details = event.details or {}
    if event.kind == EventKind.REFUNDED:
        return (details["gone"],) if "gone" in details else ()
    return from_stored(details.get("undone") or {}).gone
