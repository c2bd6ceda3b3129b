"""What the lines of a card's history did to each of its counters."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from loyalty.events import EventKind
from loyalty.models import Event, LedgerEntry, Tier

_ByTier = dict[int | None, int]


@dataclass(frozen=True, slots=True)
class TierMove:
    """One tier of a line: the units it added (negative: took), and what had `expired` before that.

    `after` is what was open then less what was owed, `owed_before` what the tier owed until then.
    """

    id: int
    name: str
    rank: int
    units: int
    after: int
    owed_before: int
    expired: int


class Moves:
    """The ledger's entries of some lines of one card, each kind of thing read once."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._entries = _entries(events)
        self._after = _balances(self._entries)
        tiers = {each.tier_id for entries in self._entries.values() for each in entries}
        self._tiers = Tier.objects.in_bulk([tier for tier in tiers if tier])
        self._gave = _gave(events) if self._tiers else {}

    def of_kind(self, event: Event, kind: str) -> int:
        """The units that entries of this kind moved, all counters together."""
        return sum(self._of_kind(event, kind).values())

    def after(self, event: Event) -> int | None:
        """What was open less what was owed; None where none or several counters moved."""
        found = self._after.get(event.pk, {})
        return next(iter(found.values())) if len(found) == 1 else None

    def owed_before(self, event: Event) -> int:
        """What the card's only counter owed before the line; tiers say theirs."""
        found = self._after.get(event.pk, {})
        return self._owed_before(event, None) if None in found else 0

    def per_tier(self, event: Event) -> tuple[TierMove, ...]:
        """The tiers that moved, the lowest first; none where tiers do not count for themselves."""
        after = self._after.get(event.pk, {})
        moved = sorted((self._tiers[tier] for tier in after if tier), key=lambda each: each.rank)
        units, expired = self._units(event), self._of_kind(event, "expire")
        if event.kind == EventKind.EXPIRED:
            units, expired = expired, Counter()
        return tuple(
            TierMove(
                id=tier.pk,
                name=tier.name,
                rank=tier.rank,
                units=units[tier.pk],
                after=after[tier.pk],
                owed_before=self._owed_before(event, tier.pk),
                expired=-expired[tier.pk],
            )
            for tier in moved
        )

    def _units(self, event: Event) -> Counter[int | None]:
        if event.kind != EventKind.VOIDED:
            return self._of_kind(event, "earn")
        # What the sale itself gave; what came of it moved the counters too.
        gave = self._gave.get(event.session_id, {})
        return Counter({tier: -units for tier, units in gave.items()})

    def _of_kind(self, event: Event, kind: str) -> Counter[int | None]:
        found: Counter[int | None] = Counter()
        for entry in self._entries.get(event.pk, ()):
            if entry.kind == kind:
                found[entry.tier_id] += entry.units
        return found

    def _owed_before(self, event: Event, tier: int | None) -> int:
        entries = self._entries[event.pk]
        moved = sum(entry.units for entry in entries if entry.tier_id == tier)
        return max(0, moved - self._after[event.pk][tier])


def _entries(events: Sequence[Event]) -> dict[int, list[LedgerEntry]]:
    found: dict[int, list[LedgerEntry]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(event_id__in=[event.pk for event in events])
    for entry in rows.order_by("card_version", "line"):
        found[entry.event_id].append(entry)
    return dict(found)


def _balances(entries: Mapping[int, Sequence[LedgerEntry]]) -> dict[int, _ByTier]:
    """By line, of the counters that moved."""
    if not entries:
        return {}
    first = next(iter(entries.values()))[0]
    before = LedgerEntry.objects.filter(card=first.card_id, card_version__lt=first.card_version)
    balance: Counter[int | None] = Counter()
    balance.update(dict(before.values_list("tier_id").annotate(all=Sum("units"))))
    found: dict[int, _ByTier] = {}
    for event_id, moved in entries.items():
        for entry in moved:
            balance[entry.tier_id] += entry.units
        found[event_id] = {entry.tier_id: balance[entry.tier_id] for entry in moved}
    return found


def _gave(events: Sequence[Event]) -> dict[int | None, _ByTier]:
    voided = [event.session_id for event in events if event.kind == EventKind.VOIDED]
    found: dict[int | None, _ByTier] = defaultdict(dict)
    rows = LedgerEntry.objects.filter(kind="earn", session_id__in=voided)
    for session, tier, units in rows.values_list("session_id", "tier_id", "units"):
        found[session][tier] = units
    return found
