"""What undos left of bonuses that were used, as steps of a customer's past."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from loyalty.events import EventKind
from loyalty.models import Bonus, Event
from loyalty.queries.past_order import Line
from loyalty.rules.past import Owed
from loyalty.rules.undone import from_stored


class _Given(NamedTuple):
    card_id: int
    occasion: str


def past_debts(events: Sequence[Event]) -> Iterator[Line]:
    """The debts of each undo, and the bonuses for an occasion that it left given or took.

    A refund later on may take such a bonus after all.
    """
    rows = _rows(number for event in events for number in (*_kept(event), *_gone(event)))
    for event in events:
        step = _owed(event, rows)
        if event.kind == EventKind.VOIDED:
            yield Line(event, step)
        elif step.gone:
            # A refund has no version of the card in its line: its place is by its time.
            yield Line(Event(id=event.pk, at=event.at), step)


def _owed(event: Event, rows: Mapping[int, _Given]) -> Owed:
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


def _rows(numbers: Iterable[int]) -> dict[int, _Given]:
    wanted = set(numbers)
    if not wanted:
        return {}
    found = Bonus.objects.filter(pk__in=wanted).exclude(occasion="")
    rows = found.values_list("pk", "card_id", "occasion")
    return {number: _Given(card_id, occasion) for number, card_id, occasion in rows}
