"""What lines of the log did to each counter of their cards."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db.models import Case, F, IntegerField, Q, Sum, Value, When

from loyalty.base.events import EventKind
from loyalty.base.states import EntryKind
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


@dataclass(frozen=True, slots=True)
class UnitMoves:
    """What a line did to its card's counters.

    `change` is by how much open units less debts changed, all counters together. `after` is what
    was open then less what was owed on the counter that moved, and None where none or several did;
    `owed_before` is of cards with one counter, `per_tier` says both where tiers count for
    themselves. `expired` are the units whose time was over before, `forfeited` those that a full
    card left over.
    """

    change: int = 0
    after: int | None = None
    owed_before: int = 0
    per_tier: tuple[TierMove, ...] = ()
    expired: int = 0
    forfeited: int = 0

    @property
    def is_open(self) -> bool:
        """True where a counter that moved had open units afterwards."""
        return (self.after or 0) > 0 or any(each.after > 0 for each in self.per_tier)


NOT_MOVED = UnitMoves()


class EntriesByLine:
    """The ledger's entries of some lines, each kind of thing read once for all their cards."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._entries = _entries(events)
        self._after = _balances(self._entries)
        tiers = {each.tier_id for entries in self._entries.values() for each in entries}
        self._tiers = Tier.objects.in_bulk([tier for tier in tiers if tier])
        self._gave = _gave(events) if self._tiers else {}

    def of_kind(self, event: Event, kind: str) -> int:
        """The units that entries of this kind moved, all counters together."""
        return sum(self._of_kind(event, kind).values())

    def moved(self, event: Event) -> UnitMoves:
        """All of it together."""
        return UnitMoves(
            change=sum(entry.units for entry in self._entries.get(event.pk, ())),
            after=self._only_after(event),
            owed_before=self._only_owed_before(event),
            per_tier=self._per_tier(event),
            expired=-self.of_kind(event, EntryKind.EXPIRE),
            forfeited=-self.of_kind(event, EntryKind.FORFEIT),
        )

    def _only_after(self, event: Event) -> int | None:
        found = self._after.get(event.pk, {})
        return next(iter(found.values())) if len(found) == 1 else None

    def _only_owed_before(self, event: Event) -> int:
        found = self._after.get(event.pk, {})
        return self._owed_before(event, None) if None in found else 0

    def _per_tier(self, event: Event) -> tuple[TierMove, ...]:
        # The lowest first; none where tiers do not count for themselves.
        after = self._after.get(event.pk, {})
        moved = sorted((self._tiers[tier] for tier in after if tier), key=lambda each: each.rank)
        units, expired = self._units(event), self._of_kind(event, EntryKind.EXPIRE)
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
        if event.kind == EventKind.REFUNDED:
            return self._of_kind(event, EntryKind.REFUND)
        if event.kind != EventKind.VOIDED:
            return self._of_kind(event, EntryKind.EARN)
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
    sums = _sums([each for moved in entries.values() for each in moved])
    balances: dict[int, Counter[int | None]] = defaultdict(Counter)
    then: dict[tuple[int, int], _ByTier] = {}
    for card, version, tier, units in sums:
        balances[card][tier] += units
        then[card, version] = dict(balances[card])
    found: dict[int, _ByTier] = {}
    for number, moved in entries.items():
        all_then = then[moved[0].card_id, moved[0].card_version]
        found[number] = {each.tier_id: all_then[each.tier_id] for each in moved}
    return found


def _sums(entries: Sequence[LedgerEntry]) -> list[tuple[int, int, int | None, int]]:
    """Card, its version, tier and units, in order; all before a card's first entry is version 0."""
    versions: dict[int, list[int]] = defaultdict(list)
    for each in entries:
        versions[each.card_id].append(each.card_version)
    if not versions:
        return []
    mine, before = Q(), []
    # Between two lines there may be others that were not asked for.
    for card, found in versions.items():
        mine |= Q(card=card, card_version__lte=max(found))
        before.append(When(card=card, card_version__lt=min(found), then=Value(0)))
    at = Case(*before, default=F("card_version"), output_field=IntegerField())
    rows = LedgerEntry.objects.filter(mine).values_list("card_id", at, "tier_id")
    return sorted(rows.annotate(all=Sum("units")), key=itemgetter(0, 1))


def _gave(events: Sequence[Event]) -> dict[int | None, _ByTier]:
    voided = [event.session_id for event in events if event.kind == EventKind.VOIDED]
    found: dict[int | None, _ByTier] = defaultdict(dict)
    rows = LedgerEntry.objects.filter(kind=EntryKind.EARN, session_id__in=voided)
    for session, tier, units in rows.values_list("session_id", "tier_id", "units"):
        found[session][tier] = units
    return found
