"""What nobody used in time is over: the entries that say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from loyalty.base import exempt
from loyalty.base.events import card_topic
from loyalty.base.states import BonusStatus, EntryKind, RedemptionStatus
from loyalty.db.announce import announce
from loyalty.db.database_errors import retry_once
from loyalty.db.ids import new_ids
from loyalty.db.roundtrip import database_now
from loyalty.events.sales import ExpiredDetails
from loyalty.log.lines import write_line
from loyalty.models import (
    Bonus,
    Card,
    Counter,
    Customer,
    Event,
    LedgerEntry,
    QueuedSession,
    Redemption,
)


@dataclass(frozen=True, slots=True)
class ExpiryResult:
    """The units and bonuses that are over, and the card's version after it."""

    units: int
    bonuses: list[int]
    version: int


@exempt.for_operators("a daily job asks it for each card")
def expire(card_id: int) -> ExpiryResult | None:
    """What was over on this card, written once; None when nothing is, or not any more."""
    found = _expire(card_id)
    if found is not None:
        announce(card_topic(card_id), {"version": found.version})
    return found


@retry_once
def _expire(card_id: int) -> ExpiryResult | None:
    with transaction.atomic():
        card = _locked(card_id)
        now = database_now()
        if card is None:
            return None
        counters = _counters_over(card, now=now)
        bonuses = _bonuses_over(card, now=now)
        if not counters and not bonuses:
            return None
        return _write_off(card, counters, bonuses, now=now)


def _locked(card_id: int) -> Card | None:
    # The customer's row, then the card's: a collect waits at the first and a redemption at the
    # second, so that units and bonuses stand still behind both.
    owner = Card.objects.filter(pk=card_id).values_list("customer_id", flat=True).first()
    list(Customer.objects.select_for_update(no_key=True).filter(pk=owner or 0))
    return Card.objects.select_for_update().filter(pk=card_id).first()


def _counters_over(card: Card, *, now: datetime) -> list[Counter]:
    ends_at = card.units_end_at
    if ends_at is None or now < ends_at or _is_awaited(card, ends_at, now=now):
        return []
    # Found once: what is collected from here on gets a deadline of its own.
    Card.objects.filter(pk=card.pk).update(units_end_at=None)
    return list(card.counters.filter(open__gt=0).order_by("tier_id"))


def _is_awaited(card: Card, ends_at: datetime, *, now: datetime) -> bool:
    # A scan in time waits for its customer's link: it will be decided as at its own moment, and
    # finds the units that lay there then.
    return QueuedSession.objects.filter(
        email__in=Customer.objects.filter(pk=card.customer_id or 0).values("email"),
        session__program_id=card.program_id,
        scanned_at__lt=ends_at,
        expires_at__gt=now,
    ).exists()


def _bonuses_over(card: Card, *, now: datetime) -> list[int]:
    # One that is just being redeemed stays until that is decided, or can no longer be resumed.
    held = Redemption.objects.filter(
        Q(expires_at__gt=now) | Q(resume_until__gt=now), status=RedemptionStatus.OPEN
    )
    over = Bonus.objects.filter(card=card, status=BonusStatus.WAITING, expires_at__lte=now)
    free = over.exclude(pk__in=held.filter(card=card).values("bonus_id"))
    return list(free.order_by("id").values_list("pk", flat=True))


def _write_off(
    card: Card, counters: Sequence[Counter], bonuses: list[int], *, now: datetime
) -> ExpiryResult:
    after = ExpiryResult(sum(each.open for each in counters), bonuses, card.version + 1)
    event = write_line(
        ExpiredDetails(tuple(bonuses)),
        at=now,
        card_id=card.pk,
        card_version=after.version,
        version_id=card.promise_id,
        units=after.units,
        customer_id=card.customer_id,
    )
    LedgerEntry.objects.bulk_create(_entries(card, counters, event, now=now))
    Counter.objects.filter(pk__in=[each.pk for each in counters]).update(open=0)
    Bonus.objects.filter(pk__in=bonuses).update(status=BonusStatus.EXPIRED)
    Card.objects.filter(pk=card.pk).update(version=after.version)
    return after


def _entries(
    card: Card, counters: Sequence[Counter], event: Event, *, now: datetime
) -> list[LedgerEntry]:
    numbers = new_ids(now, len(counters))
    return [
        LedgerEntry(
            id=numbers[line - 1],
            card=card,
            card_version=card.version + 1,
            line=line,
            tier_id=each.tier_id,
            kind=EntryKind.EXPIRE,
            units=-each.open,
            version_id=card.promise_id,
            event=event,
            occurred_at=card.units_end_at or now,
            recorded_at=now,
        )
        for line, each in enumerate(counters, start=1)
    ]
