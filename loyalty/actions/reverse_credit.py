"""Compensating entries: each counter of a card as if one session had not been."""

import secrets
from datetime import datetime

from loyalty import tokens
from loyalty.models import Bonus, Card, Counter, EarnSession, Event, LedgerEntry
from loyalty.rules.undo import Earned, without
from loyalty.values import Surplus


def reverse_credit(card: Card, session: EarnSession, *, event: Event, now: datetime) -> None:
    """Write the entries, the counters and the bonuses; for the caller's transaction and locks."""
    entries: list[LedgerEntry] = []
    for earned in session.ledgerentry_set.filter(kind="earn").order_by("line"):
        counter = Counter.objects.get(card=card, tier=earned.tier)
        bonuses = Bonus.objects.filter(card=card, tier=earned.tier, source="card")
        used = bonuses.filter(status="used").count()
        after = without(_history(card, earned), used=used, threshold=card.promise.threshold)
        # The newest go first: those that the sale raised.
        gone = bonuses.filter(status="waiting").order_by("id").values_list("pk", flat=True)
        Bonus.objects.filter(pk__in=list(gone)[after.waiting :]).update(status="void")
        change = (after.open - after.debt) - (counter.open - counter.debt)
        # What the sale gave, and what its completions took: the customer sees both lines.
        for units in (-earned.units, change + earned.units):
            if units:
                entries.append(_entry(card, earned, units, line=len(entries) + 1))
        Counter.objects.filter(pk=counter.pk).update(open=after.open, debt=after.debt)
    numbers = tokens.ordered_ids(now, len(entries), random=secrets.randbits(21))
    for number, entry in zip(numbers, entries, strict=True):
        entry.pk, entry.event = number, event
        entry.occurred_at = entry.recorded_at = now
    LedgerEntry.objects.bulk_create(entries)


def _entry(card: Card, earned: LedgerEntry, units: int, *, line: int) -> LedgerEntry:
    return LedgerEntry(
        card=card,
        card_version=card.version + 1,
        line=line,
        tier_id=earned.tier_id,
        kind="void",
        units=units,
        version_id=earned.version_id,
        session_id=earned.session_id,
    )


def _history(card: Card, taken_back: LedgerEntry) -> list[Earned]:
    left = LedgerEntry.objects.filter(
        card=card, tier=taken_back.tier, kind="earn", session__status="collected"
    )
    found = left.exclude(session_id=taken_back.session_id).select_related("session", "version")
    return [
        Earned(
            entry.units,
            _threshold(entry),
            Surplus(entry.version.surplus),
        )
        for entry in found.order_by("card_version", "line")
    ]


def _threshold(entry: LedgerEntry) -> int:
    # The answer to each collect says which threshold the card had promised then.
    outcome = entry.session.outcome if entry.session else None
    progress = outcome["card"]["progress"] if outcome else []
    return int(progress[0]["threshold"]) if progress else entry.version.threshold
