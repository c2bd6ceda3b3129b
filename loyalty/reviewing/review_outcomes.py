"""What decisions about findings came to: values without words."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.events import EventKind
from loyalty.base.states import FindingKind, FindingStatus, SessionStatus
from loyalty.base.values import Actor
from loyalty.cards.gifts import ShownBonus, gifts
from loyalty.explaining.taken_back import NOTHING, NamedDebt, UndoStory, taken_back
from loyalty.models import Anomaly, Bonus, EarnSession, Event, Level, ProgramVersion
from loyalty.programs.unit_kind import counts_money


@dataclass(frozen=True, slots=True)
class OwedUnits:
    """What so many cards owe together: stamps, of one tier if it has a name, or money."""

    cards: int
    debt: NamedDebt
    currency: str | None


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """Of an approved level the level and its gifts, of a void what was taken back.

    `sales` had been collected, `codes` not yet; `earlier` ones were taken back before the decision,
    `left` ones are still to be. `units` by currency, None for stamps. `points` are all that were
    taken, those of other visits too. `went` are the bonuses, `owed` what cards owe afterwards.
    """

    level: str | None = None
    gifts: tuple[ShownBonus, ...] = ()
    sales: int = 0
    codes: int = 0
    earlier: int = 0
    left: int = 0
    units: tuple[tuple[str | None, int], ...] = ()
    points: int = 0
    went: UndoStory = NOTHING
    owed: tuple[OwedUnits, ...] = ()


def review_outcomes(rows: Collection[Anomaly], *, actor: Actor) -> dict[int, ReviewOutcome]:
    """By finding, in as many statements for a hundred of them as for one."""
    access.require(actor, Permission.REVIEW)
    voided = [
        row
        for row in rows
        if row.status == FindingStatus.VOIDED and row.kind != FindingKind.LEVEL_HELD
    ]
    found = _levels([row for row in rows if row.outcome])
    if voided:
        known = _TakenBackSales(voided)
        found.update((row.pk, known.outcome(row)) for row in voided)
    return found


def _levels(rows: Sequence[Anomaly]) -> dict[int, ReviewOutcome]:
    if not rows:
        return {}
    stored = {row.pk: row.outcome or {} for row in rows}
    numbers = {number for each in stored.values() for number in each.get("bonuses", ())}
    named = gifts(list(Bonus.objects.filter(pk__in=numbers).order_by("id")))
    names = dict(Level.objects.values_list("pk", "name"))
    return {
        number: ReviewOutcome(
            level=names.get(each.get("level") or 0),
            gifts=tuple(named[n] for n in each.get("bonuses", ()) if n in named),
        )
        for number, each in stored.items()
    }


class _TakenBackSales:
    """What was taken back of the sessions that these findings name."""

    def __init__(self, rows: Sequence[Anomaly]) -> None:
        named = {number for row in rows for number in row.evidence["sessions"]}
        events = Event.objects.filter(session_id__in=named)
        self.voided = {each.session_id: each for each in events.filter(kind=EventKind.VOIDED)}
        self.gave = {each.session_id: each for each in events.filter(kind=EventKind.COLLECTED)}
        self.taken_back = taken_back(list(self.voided.values()))
        counting = EarnSession.objects.filter(pk__in=named).exclude(status=SessionStatus.VOIDED)
        self.left = set(counting.values_list("pk", flat=True))
        versions = {each.version_id or 0 for each in self.gave.values()}
        found = ProgramVersion.objects.select_related("program").filter(pk__in=versions)
        self.currencies = {
            each.pk: each.program.currency if counts_money(each) else None for each in found
        }

    def outcome(self, row: Anomaly) -> ReviewOutcome:
        sessions = row.evidence["sessions"]
        voids = [self.voided[number] for number in sessions if number in self.voided]
        own = [each for each in voids if row.decided_at and each.at >= row.decided_at]
        units: Counter[str | None] = Counter()
        sales = [each for each in own if each.session_id in self.gave]
        for each in sales:
            units[self._currency(each)] += self.gave[each.session_id].units or 0
        went = [self.taken_back.get(each.pk, NOTHING) for each in own]
        return ReviewOutcome(
            sales=len(sales),
            codes=len(own) - len(sales),
            earlier=len(voids) - len(own),
            left=sum(number in self.left for number in sessions),
            units=tuple(units.items()),
            points=sum(each.points or 0 for each in sales) - sum(each.points for each in went),
            went=UndoStory(
                gone=tuple(gift for each in went for gift in each.gone),
                kept=tuple(gift for each in went for gift in each.kept),
                new=tuple(gift for each in went for gift in each.new),
            ),
            owed=self._owed(sales),
        )

    def _owed(self, sales: Sequence[Event]) -> tuple[OwedUnits, ...]:
        # Each undo says what its card owes then: the last one counts.
        last: dict[tuple[int, str | None], tuple[str | None, int]] = {}
        for each in sorted(sales, key=lambda one: one.pk):
            for debt in self.taken_back.get(each.pk, NOTHING).debts:
                last[each.card_id or 0, debt.tier] = (self._currency(each), debt.units)
        found: dict[tuple[str | None, str | None], list[int]] = {}
        for (_, tier), (currency, owed) in last.items():
            found.setdefault((tier, currency), []).append(owed)
        return tuple(
            OwedUnits(len(each), NamedDebt(tier, sum(each)), currency)
            for (tier, currency), each in found.items()
        )

    def _currency(self, undo: Event) -> str | None:
        return self.currencies.get(self.gave[undo.session_id].version_id or 0)
