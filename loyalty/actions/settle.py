"""Makes cards what they would be under another history: only by entries that are added."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from loyalty import tokens
from loyalty.actions.settle_bonuses import Settled
from loyalty.events import EventKind
from loyalty.models import Card, Counter, Customer, EarnSession, Event, LedgerEntry
from loyalty.rules.history import History
from loyalty.rules.past import Owed
from loyalty.rules.visit import CardState


@dataclass(frozen=True, slots=True)
class Settlement:
    """A sale that goes (`session`), the histories with and without it, and where it is written.

    `after` counts what is `owed` from now on for bonuses that were used already.
    """

    card: Card
    session: EarnSession
    before: History
    after: History
    settled: Settled
    owed: Owed
    event: Event
    now: datetime


def settle(change: Settlement) -> None:
    """Write entries, counters, streak, points and level; for the caller's locks.

    The bonuses are settled already.
    """
    _settle_counters(change)
    _settle_card(change)
    others = change.settled.cards | _settle_points(change)
    Card.objects.filter(pk__in=others - {change.card.pk}).update(version=F("version") + 1)
    _settle_standing(change)


def _settle_counters(change: Settlement) -> None:
    card, before, after = change.card, change.before, change.after
    earned = {
        each.tier_id: each.units for each in change.session.ledgerentry_set.filter(kind="earn")
    }
    lines: list[tuple[int | None, int]] = []
    for counter in Counter.objects.filter(card=card).order_by("pk"):
        tier = counter.tier_id
        moved = after.balance(card.pk, tier) - before.balance(card.pk, tier)
        balance = counter.open - counter.debt + moved
        Counter.objects.filter(pk=counter.pk).update(open=max(balance, 0), debt=max(-balance, 0))
        # What the sale gave, and what came of it: the customer sees both lines.
        gave = earned.get(tier, 0)
        lines += [(tier, units) for units in (-gave, moved + gave) if units]
    _write(change, lines)


def _write(change: Settlement, lines: list[tuple[int | None, int]]) -> None:
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
            event=change.event,
            occurred_at=change.now,
            recorded_at=change.now,
        )
        for line, (number, (tier, units)) in enumerate(zip(numbers, lines, strict=True), start=1)
    )


def _settle_card(change: Settlement) -> None:
    card, state = change.card, change.after.cards.get(change.card.pk, CardState())
    Card.objects.filter(pk=card.pk).update(
        version=F("version") + 1,
        promise_id=_promise(change),
        visits=change.after.visits[card.pk],
        last_visit_at=state.last_at,
        units_end_at=state.units_end_at,
        streak_days=state.streak.days,
        streak_last_at=state.streak.last_at,
        streak_freezes_used=state.streak.used,
        streak_ends_at=state.streak.ends_at,
        streaks_owed=F("streaks_owed") + change.owed.streaks,
    )


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


def _settle_points(change: Settlement) -> set[int]:
    """The cards whose points changed."""
    given = change.session.points_given
    Card.objects.filter(pk=change.card.pk).update(points=F("points") - given)
    changed = {change.card.pk}
    # With another level, other sales would have counted otherwise.
    for session_id, points in change.after.points.items():
        moved = points - change.before.points[session_id]
        if not moved:
            continue
        session = EarnSession.objects.get(pk=session_id)
        EarnSession.objects.filter(pk=session_id).update(points_given=F("points_given") + moved)
        cards = Card.objects.filter(
            customer_id=change.session.customer_id or 0, program_id=session.program_id
        )
        cards.update(points=F("points") + moved)
        changed.update(cards.values_list("pk", flat=True))
    return changed


def _settle_standing(change: Settlement) -> None:
    if change.before.standing == change.after.standing:
        return
    after = change.after.standing
    Customer.objects.filter(pk=change.session.customer_id or 0).update(
        level_rung=after.rung,
        level_rises=[each.isoformat() for each in after.rises],
        level_held_at=after.held_at,
    )
