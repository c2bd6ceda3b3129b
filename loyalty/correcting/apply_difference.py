"""Makes cards what they would be under another history: only by entries that are added."""

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F

from loyalty.base import exempt
from loyalty.base.events import EventKind
from loyalty.base.states import BonusSource, EntryKind
from loyalty.cards.card_rows import state_values
from loyalty.correcting.move_bonuses import MovedBonuses
from loyalty.counting.visit import CardState
from loyalty.db.ids import new_ids
from loyalty.events.sales import RecountedDetails
from loyalty.events.undone import CounterDebt, NumberChange, UndoResult
from loyalty.history.replay import CardHistory
from loyalty.history.steps import UndoDebt
from loyalty.log.lines import write_line
from loyalty.models import Bonus, Card, Counter, Customer, EarnSession, Event, LedgerEntry

Lines = list[tuple[int | None, int]]


@dataclass(frozen=True, slots=True)
class HistoryDifference:
    """A sale that goes (`session`), and the histories with and without it.

    The bonuses are `settled` already; `after` counts what is `owed` from now on for those that
    were used.
    """

    card: Card
    session: EarnSession
    before: CardHistory
    after: CardHistory
    settled: MovedBonuses
    owed: UndoDebt
    now: datetime


@dataclass(slots=True)
class PointsDifference:
    """By how much the points of other sales on a card changed, and what some of them gained."""

    more: int = 0
    gained: int = 0

    def add(self, more: int) -> None:
        """One sale's."""
        self.more += more
        self.gained += max(0, more)


@dataclass(frozen=True, slots=True)
class AppliedDifference:
    """What the undo did, for the event, and what has yet to be written behind it.

    `lines` are movements by counter for the ledger (`write_entries`), `others` the customer's other
    cards that changed (`tell_others`).
    """

    undone: UndoResult
    lines: Lines
    others: dict[int, PointsDifference]


@exempt.asked_already("part of an undo")
def apply_difference(change: HistoryDifference) -> AppliedDifference:
    """Write counters, streak, points and level; for the caller's locks."""
    settled = change.settled
    gave = change.session.ledgerentry_set.filter(kind=EntryKind.EARN)
    counted = move_counters(
        change.card, change.before, change.after, gave={each.tier_id: each.units for each in gave}
    )
    promise = _correct_card(change)
    points = _correct_points(change)
    own = points.pop(change.card.pk, PointsDifference())
    others = {card: points.get(card, PointsDifference()) for card in points.keys() | settled.cards}
    others.pop(change.card.pk, None)
    _correct_level(change)
    undone = replace(
        _standing_undone(change.before, change.after, card_id=change.card.pk, now=change.now),
        gone=_numbers(settled.gone),
        kept=_numbers(settled.kept),
        new=_numbers(settled.new),
        cards=sum(bonus.source == BonusSource.CARD for bonus in settled.gone),
        fills=_fills_instead(change.before, change.after, card_id=change.card.pk),
        owed=counted.debts,
        points=own.more,
        gained=own.gained,
        elsewhere=sum(each.more for each in points.values()),
        promise=promise,
    )
    return AppliedDifference(undone, counted.lines, others)


def _numbers(bonuses: Iterable[Bonus]) -> tuple[int, ...]:
    return tuple(bonus.pk for bonus in bonuses)


def _correct_card(change: HistoryDifference) -> NumberChange | None:
    promise_id = _promise(change)
    card, state = change.card, change.after.cards.get(change.card.pk, CardState())
    Card.objects.filter(pk=card.pk).update(
        version=F("version") + 1,
        promise_id=promise_id,
        visits=change.after.visits[card.pk],
        streaks_owed=F("streaks_owed") + change.owed.streaks,
        **state_values(state),
    )
    return _moved(card.promise_id, promise_id)


def _promise(change: HistoryDifference) -> int:
    """The newest sale of a card may have moved it to newer numbers: then it goes back.

    Not if the card took up better ones by itself since.
    """
    session, promise = change.session, change.card.promise
    completed = any(
        each.session_id == session.pk and each.earned_reward.source == BonusSource.CARD
        for each in change.before.raised
    )
    if not completed or not session.collected_at or promise.created_at > session.collected_at:
        return change.card.promise_id
    sales = Event.objects.filter(card_id=change.card.pk, kind=EventKind.COLLECTED)
    newest = sales.order_by("-card_version").values_list("session_id", flat=True).first()
    if newest == session.pk and session.judged_by_id:
        return session.judged_by_id
    return change.card.promise_id


def _correct_points(change: HistoryDifference) -> dict[int, PointsDifference]:
    """By card, by how much the points of other sales changed."""
    given = change.session.points_given
    Card.objects.filter(pk=change.card.pk).update(points=F("points") - given)
    cards = dict(
        Card.objects.filter(customer_id=change.session.customer_id or 0).values_list(
            "program_id", "pk"
        )
    )
    found = defaultdict[int, PointsDifference](PointsDifference)
    # With another level, other sales would have counted otherwise.
    for session_id, points in change.after.points.items():
        more = points - change.before.points[session_id]
        if not more:
            continue
        sales = EarnSession.objects.filter(pk=session_id)
        sales.update(points_given=F("points_given") + more)
        card = cards[sales.values_list("program_id", flat=True).get()]
        Card.objects.filter(pk=card).update(points=F("points") + more)
        found[card].add(more)
    return dict(found)


def _correct_level(change: HistoryDifference) -> None:
    owner = change.session.customer_id or 0
    # The next visit counts its points again.
    Card.objects.filter(customer_id=owner).update(activity=None)
    if change.before.level_status == change.after.level_status:
        return
    after = change.after.level_status
    Customer.objects.filter(pk=owner).update(
        level_rung=after.level_index,
        level_rises=[each.isoformat() for each in after.rises],
        level_held_at=after.held_at,
    )


def _standing_undone(
    before: CardHistory, after: CardHistory, *, card_id: int, now: datetime
) -> UndoResult:
    """Streak and level of two histories, where they differ."""
    days = [
        history.cards.get(card_id, CardState()).streak.shown(now) for history in (before, after)
    ]
    return UndoResult(
        streak=_moved(*days),
        level=_moved(_level(before), _level(after)),
        is_rise_gone=before.level_status.held_at is not None and after.level_status.held_at is None,
    )


def _fills_instead(before: CardHistory, after: CardHistory, *, card_id: int) -> tuple[int, ...]:
    """The sessions that fill the card in the second history and did not in the first."""
    more = _fills(after, card_id) - _fills(before, card_id)
    return tuple(number for number in more if number is not None)


def _moved(before: int | None, after: int | None) -> NumberChange | None:
    """The two numbers, None when they are the same."""
    return None if before == after else NumberChange(before, after)


def _fills(history: CardHistory, card_id: int) -> Count[int | None]:
    mine = (each for each in history.raised if each.card_id == card_id)
    return Count(each.session_id for each in mine if each.earned_reward.source == BonusSource.CARD)


def _level(history: CardHistory) -> int | None:
    level_index = history.level_status.level_index
    return history.level_table.levels[level_index - 1].id if level_index else None


@dataclass(frozen=True, slots=True)
class MovedUnits:
    """The movements by counter that the ledger has yet to say, and the debts that rose."""

    lines: Lines
    debts: tuple[CounterDebt, ...]


@exempt.asked_already("part of undos and refunds")
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
    numbers = new_ids(event.at, len(lines))
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


@exempt.asked_already("part of undos and refunds")
def tell_others(
    changed: Mapping[int, PointsDifference], settled: MovedBonuses, *, cause: Event
) -> None:
    """For the caller's transaction and locks; the cards have a new version."""
    numbers = new_ids(cause.at, len(changed))
    for number, (card_id, points) in zip(numbers, sorted(changed.items()), strict=True):
        cards = Card.objects.filter(pk=card_id)
        cards.update(version=F("version") + 1)
        undone = UndoResult(
            gone=tuple(each.pk for each in settled.gone if each.card_id == card_id),
            new=tuple(each.pk for each in settled.new if each.card_id == card_id),
            points=points.more,
            gained=points.gained,
        )
        write_line(
            RecountedDetails(because=cause.pk, undone=undone),
            at=cause.at,
            number=number,
            card_id=card_id,
            card_version=cards.values_list("version", flat=True).get(),
            points=points.more,
        )
