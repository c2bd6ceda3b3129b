"""Customers hear of what will expire, once for each deadline."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from loyalty.base import exempt
from loyalty.base.states import BonusStatus
from loyalty.db.database_errors import retry_once
from loyalty.db.enqueue import enqueue
from loyalty.db.roundtrip import database_now
from loyalty.models import Bonus, Card, Counter, Customer, Settings


@exempt.for_operators("a daily job asks it for each customer")
@retry_once
def warn_customer(customer_id: int) -> bool:
    """True when something ends soon that the customer was not told of; the mail is on its way."""
    with transaction.atomic():
        # The customer's row: two jobs at once, or a visit that moves the deadline, wait here.
        rows = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id)
        is_there = bool(list(rows.exclude(email="")))
        now = database_now()
        if not is_there:
            return False
        until = now + timedelta(days=Settings.objects.get().warn_days)
        marked = _mark_units(customer_id, now=now, until=until)
        marked += _mark_bonuses(customer_id, now=now, until=until)
        if marked:
            # Goes with this transaction; the moment tells the job what the mail is about.
            enqueue("loyalty.jobs.send_expiry_mail", customer_id, now.isoformat())
    return marked > 0


def _mark_units(customer_id: int, *, now: datetime, until: datetime) -> int:
    # Each visit sets a new deadline: a warning from before it was about another one.
    untold = Q(units_warned_at=None) | Q(units_warned_at__lte=F("last_visit_at"))
    cards = Card.objects.filter(
        untold, customer_id=customer_id, units_end_at__gt=now, units_end_at__lte=until
    )
    has_units = Exists(Counter.objects.filter(card=OuterRef("pk"), open__gt=0))
    return cards.filter(has_units).update(units_warned_at=now)


def _mark_bonuses(customer_id: int, *, now: datetime, until: datetime) -> int:
    return Bonus.objects.filter(
        card__customer_id=customer_id,
        status=BonusStatus.WAITING,
        warned_at=None,
        expires_at__gt=now,
        expires_at__lte=until,
    ).update(warned_at=now)
