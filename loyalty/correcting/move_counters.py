"""Makes a card's counters what they would be under another history: by entries that are added."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.base import tokens
from loyalty.history.replay import CardHistory
from loyalty.history.undone import CounterDebt
from loyalty.models import Card, Counter, Event, LedgerEntry

Lines = list[tuple[int | None, int]]


@dataclass(frozen=True, slots=True)
class MovedUnits:
    """The movements by counter that the ledger has yet to say, and the debts that rose."""

    lines: Lines
    debts: tuple[CounterDebt, ...]


def move_counters(
    card: Card, before: CardHistory, after: CardHistory, *, gave: Mapping[int | None, int]
) -> MovedUnits:
    """Move each counter by the difference; for the caller's transaction and locks.

    What a sale that goes `gave` is a movement of its own: the customer sees both lines.
    """
    lines: Lines = []
    debts: list[CounterDebt] = []
    for counter in Counter.objects.filter(card=card).order_by("pk"):
        tier = counter.tier_id
        change_by = after.balance(card.pk, tier) - before.balance(card.pk, tier)
        balance = counter.open - counter.debt + change_by
        Counter.objects.filter(pk=counter.pk).update(open=max(balance, 0), debt=max(-balance, 0))
        less = -gave.get(tier, 0)
        lines += [(tier, units) for units in (less, change_by - less) if units]
        debts += [CounterDebt(tier, -balance)] if -balance > counter.debt else []
    return MovedUnits(lines, tuple(debts))


def write_entries(card: Card, lines: Lines, *, kind: str, version_id: int, event: Event) -> None:
    """The ledger's entries of these movements; `card` is as it was before them."""
    numbers = tokens.ordered_ids(event.at, len(lines), random=secrets.randbits(21))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            id=number,
            card=card,
            card_version=card.version + 1,
            line=line,
            tier_id=tier,
            kind=kind,
            units=units,
            version_id=version_id,
            session_id=event.session_id,
            event=event,
            occurred_at=event.at,
            recorded_at=event.at,
        )
        for line, (number, (tier, units)) in enumerate(zip(numbers, lines, strict=True), start=1)
    )
