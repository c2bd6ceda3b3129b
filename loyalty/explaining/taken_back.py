"""What went with sales that were taken back, with the names that sentences need."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from loyalty.base.events import EventKind
from loyalty.base.states import BonusStatus, RedemptionStatus
from loyalty.cards.gifts import ShownBonus, gifts
from loyalty.events.redemptions import RefundedDetails
from loyalty.events.registry import details_of
from loyalty.events.sales import RecountedDetails, VoidedDetails
from loyalty.events.undone import UndoResult
from loyalty.models import Bonus, EarnSession, Event, Level, ProgramVersion, Redemption, Tier


@dataclass(frozen=True, slots=True)
class NamedDebt:
    """Units of one counter that the next ones pay; `tier` None is the only counter."""

    tier: str | None
    units: int


@dataclass(frozen=True, slots=True)
class NameChange:
    """A name or number before and after; None where there is none."""

    before: str | int | None
    after: str | int | None


@dataclass(frozen=True, slots=True)
class UndoneVisit:
    """When a sale was collected, in UTC, and its location's time zone."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class UndoStory:
    """What an undo did besides the units and points of its own sale (loyalty/events/undone.py).

    `gone` bonuses were taken away, `kept` ones stay given, `new` ones came instead; `put_back` ones
    had been used then, and were given back since. The visits `fills` fill a card where others had
    done so. `points` are those of other sales on the card, of which some `gained`; `elsewhere`
    those on other cards. `is_lifted`: debts of the card were lifted since, by a refund.
    """

    gone: tuple[ShownBonus, ...] = ()
    kept: tuple[ShownBonus, ...] = ()
    put_back: tuple[ShownBonus, ...] = ()
    new: tuple[ShownBonus, ...] = ()
    cards: int = 0
    fills: tuple[UndoneVisit, ...] = ()
    debts: tuple[NamedDebt, ...] = ()
    points: int = 0
    gained: int = 0
    elsewhere: int = 0
    is_lifted: bool = False
    streak: NameChange | None = None
    level: NameChange | None = None
    is_rise_gone: bool = False
    version: int | None = None


NOTHING = UndoStory()


def taken_back(events: Sequence[Event]) -> dict[int, UndoStory]:
    """What each undo among these lines did, by event; older lines do not know.

    The same of refunds, and of lines that tell of another card's.
    """
    undone = {event.pk: result for event in events if (result := _undone(event)) is not None}
    if not any(each != UndoResult() for each in undone.values()):
        return dict.fromkeys(undone, NOTHING)
    names = _UndoNames(list(undone.values()))
    found = {number: names.of(each) for number, each in undone.items()}
    owing = {event.card_id for event in events if found.get(event.pk, NOTHING).debts}
    lifted = _last_lifts(owing) if owing else {}
    return {
        event.pk: replace(found[event.pk], is_lifted=lifted.get(event.card_id or 0, 0) > event.pk)
        for event in events
        if event.pk in found
    }


def _undone(event: Event) -> UndoResult | None:
    details = details_of(event.kind, event.details)
    if isinstance(details, VoidedDetails | RefundedDetails | RecountedDetails):
        return details.undone
    return None


def _last_lifts(cards: Collection[int | None]) -> dict[int, int]:
    """By card, the last refund that lifted a debt."""
    refunds = Event.objects.filter(kind=EventKind.REFUNDED, card_id__in=cards)
    rows = refunds.filter(details__lifted__0__isnull=False).order_by("pk")
    return {card_id or 0: number for card_id, number in rows.values_list("card_id", "pk")}


def _given(numbers: Collection[int]) -> dict[int, str]:
    # What became of bonuses whose product was chosen.
    found = Redemption.objects.filter(bonus__in=numbers, status=RedemptionStatus.CONFIRMED)
    chosen = found.filter(product__isnull=False) if numbers else found.none()
    return dict(chosen.values_list("bonus_id", "product__name"))


def _visits(numbers: Collection[int]) -> dict[int, UndoneVisit]:
    found = EarnSession.objects.filter(pk__in=numbers, collected_at__isnull=False)
    rows = found.values_list("pk", "collected_at", "location__time_zone")
    return {pk: UndoneVisit(at, zone) for pk, at, zone in rows if at} if numbers else {}


class _UndoNames:
    """Everything that they name, each kind of thing read once."""

    def __init__(self, undone: Sequence[UndoResult]) -> None:
        numbers = {n for each in undone for n in (*each.gone, *each.kept, *each.new)}
        self.given = _given({number for each in undone for number in each.kept})
        rows = list(Bonus.objects.filter(pk__in=numbers).order_by("id"))
        self.gifts = gifts(rows)
        self.used = {row.pk for row in rows if row.status == BonusStatus.USED}
        self.visits = _visits({number for each in undone for number in each.fills})
        tiers = {owed.tier_id or 0 for each in undone for owed in each.owed}
        self.tiers = dict(Tier.objects.filter(pk__in=tiers).values_list("pk", "name"))
        changes = [each.level for each in undone if each.level]
        levels = {n or 0 for each in changes for n in (each.before, each.after)}
        self.levels = dict(Level.objects.filter(pk__in=levels).values_list("pk", "name"))
        versions = {each.promise.after or 0 for each in undone if each.promise}
        found = ProgramVersion.objects.filter(pk__in=versions)
        self.versions = dict(found.values_list("pk", "number"))

    def of(self, undone: UndoResult) -> UndoStory:
        streak, level, promise = undone.streak, undone.level, undone.promise
        return UndoStory(
            gone=self._gifts(undone.gone),
            kept=tuple(self._as_given(number) for number in undone.kept if number in self.used),
            put_back=self._gifts([n for n in undone.kept if n not in self.used]),
            new=self._gifts(undone.new),
            cards=undone.cards,
            fills=tuple(self.visits[number] for number in undone.fills if number in self.visits),
            debts=tuple(
                NamedDebt(self.tiers.get(each.tier_id or 0), each.units) for each in undone.owed
            ),
            points=undone.points,
            gained=undone.gained,
            elsewhere=undone.elsewhere,
            streak=NameChange(streak.before, streak.after) if streak else None,
            level=NameChange(self._level(level.before), self._level(level.after))
            if level
            else None,
            is_rise_gone=undone.is_rise_gone,
            version=self.versions.get(promise.after or 0) if promise else None,
        )

    def _gifts(self, numbers: Sequence[int]) -> tuple[ShownBonus, ...]:
        return tuple(self.gifts[number] for number in numbers if number in self.gifts)

    def _as_given(self, number: int) -> ShownBonus:
        gift, product = self.gifts[number], self.given.get(number)
        return replace(gift, title=product, choice=None) if product else gift

    def _level(self, number: int | None) -> str | None:
        return self.levels.get(number or 0)
