"""Makes cards what they would be under another history: only by entries that are added."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F

from loyalty import tokens
from loyalty.actions.settle_bonuses import Settled
from loyalty.events import EventKind
from loyalty.models import Bonus, Card, Counter, Customer, EarnSession, Event, LedgerEntry
from loyalty.rules.history import History
from loyalty.rules.past import Owed
from loyalty.rules.undone import Debt, Moved, Undone, fills_instead, moved, standing_undone
from loyalty.rules.visit import CardState

Lines = list[tuple[int | None, int]]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A sale that goes (`session`), and the histories with and without it.

    The bonuses are `settled` already; `after` counts what is `owed` from now on for those that
    were used.
    """

    card: Card
    session: EarnSession
    before: History
    after: History
    settled: Settled
    owed: Owed
    now: datetime


def settle(change: Settlement) -> tuple[Undone, Lines]:
    """Write counters, streak, points and level; for the caller's locks.

    What the undo did, for the event, and the movements by counter that the ledger has yet to say
    behind it (`write_entries`).
    """
    settled = change.settled
    lines, debts = _settle_counters(change)
    promise = _settle_card(change)
    cards, points = _settle_points(change)
    others = settled.cards | cards
    Card.objects.filter(pk__in=others - {change.card.pk}).update(version=F("version") + 1)
    _settle_standing(change)
    undone = replace(
        standing_undone(change.before, change.after, card_id=change.card.pk, now=change.now),
        gone=_numbers(settled.gone),
        kept=_numbers(settled.kept),
        new=_numbers(settled.new),
        cards=sum(bonus.source == "card" for bonus in settled.gone),
        fills=fills_instead(change.before, change.after, card_id=change.card.pk),
        owed=debts,
        points=points,
        promise=promise,
    )
    return undone, lines


def _numbers(bonuses: Iterable[Bonus]) -> tuple[int, ...]:
    return tuple(bonus.pk for bonus in bonuses)


def _settle_counters(change: Settlement) -> tuple[Lines, tuple[Debt, ...]]:
    card, before, after = change.card, change.before, change.after
    earned = {
        each.tier_id: each.units for each in change.session.ledgerentry_set.filter(kind="earn")
    }
    lines: Lines = []
    debts: list[Debt] = []
    for counter in Counter.objects.filter(card=card).order_by("pk"):
        tier = counter.tier_id
        change_by = after.balance(card.pk, tier) - before.balance(card.pk, tier)
        balance = counter.open - counter.debt + change_by
        Counter.objects.filter(pk=counter.pk).update(open=max(balance, 0), debt=max(-balance, 0))
        # What the sale gave, and what came of it: the customer sees both lines.
        gave = earned.get(tier, 0)
        lines += [(tier, units) for units in (-gave, change_by + gave) if units]
        debts += [Debt(tier, -balance)] if -balance > counter.debt else []
    return lines, tuple(debts)


def write_entries(change: Settlement, lines: Lines, *, event: Event) -> None:
    """The ledger's entries of an undo."""
    numbers = tokens.ordered_ids(change.now, len(lines), random=secrets.randbits(21))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            id=number,
            card=change.card,
            card_version=change.card.version + 1,
            line=line,
            tier_id=tier,
            kind="void",
            units=units,
            version_id=change.session.version_id,
            session_id=change.session.pk,
            event=event,
            occurred_at=change.now,
            recorded_at=change.now,
        )
        for line, (number, (tier, units)) in enumerate(zip(numbers, lines, strict=True), start=1)
    )


def _settle_card(change: Settlement) -> Moved | None:
    promise_id = _promise(change)
    card, state = change.card, change.after.cards.get(change.card.pk, CardState())
    Card.objects.filter(pk=card.pk).update(
        version=F("version") + 1,
        promise_id=promise_id,
        visits=change.after.visits[card.pk],
        last_visit_at=state.last_at,
        units_end_at=state.units_end_at,
        streak_days=state.streak.days,
        streak_last_at=state.streak.last_at,
        streak_freezes_used=state.streak.used,
        streak_ends_at=state.streak.ends_at,
        streaks_owed=F("streaks_owed") + change.owed.streaks,
    )
    return moved(card.promise_id, promise_id)


def _promise(change: Settlement) -> int:
    """The newest sale of a card may have moved it to newer numbers: then it goes back.

    Not if the card took up better ones by itself since.
    """
    session, promise = change.session, change.card.promise
    completed = any(
        each.session_id == session.pk and each.present.source == "card"
        for each in change.before.raised
    )
    if not completed or not session.collected_at or promise.created_at > session.collected_at:
        return change.card.promise_id
    sales = Event.objects.filter(card_id=change.card.pk, kind=EventKind.COLLECTED)
    newest = sales.order_by("-card_version").values_list("session_id", flat=True).first()
    if newest == session.pk and session.judged_by_id:
        return session.judged_by_id
    return change.card.promise_id


def _settle_points(change: Settlement) -> tuple[set[int], int]:
    """The cards whose points changed, and by how much those of other sales did."""
    given = change.session.points_given
    Card.objects.filter(pk=change.card.pk).update(points=F("points") - given)
    changed, of_others = {change.card.pk}, 0
    # With another level, other sales would have counted otherwise.
    for session_id, points in change.after.points.items():
        more = points - change.before.points[session_id]
        if not more:
            continue
        of_others += more
        session = EarnSession.objects.get(pk=session_id)
        EarnSession.objects.filter(pk=session_id).update(points_given=F("points_given") + more)
        cards = Card.objects.filter(
            customer_id=change.session.customer_id or 0, program_id=session.program_id
        )
        cards.update(points=F("points") + more)
        changed.update(cards.values_list("pk", flat=True))
    return changed, of_others


def _settle_standing(change: Settlement) -> None:
    owner = change.session.customer_id or 0
    # The next visit counts its points anew.
    Card.objects.filter(customer_id=owner).update(activity=None)
    if change.before.standing == change.after.standing:
        return
    after = change.after.standing
    Customer.objects.filter(pk=owner).update(
        level_rung=after.rung,
        level_rises=[each.isoformat() for each in after.rises],
        level_held_at=after.held_at,
    )
