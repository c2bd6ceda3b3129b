"""A customer has stayed away too long: the trigger for winning them back, once an absence."""

from datetime import datetime, timedelta

from django.db import transaction

from loyalty.base import exempt
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import database_now
from loyalty.events.people import AbsentDetails
from loyalty.expiry.absence import Absence, VisitRhythm, absence
from loyalty.expiry.absences import absence_rule, regular
from loyalty.log.lines import write_line
from loyalty.models import Card, Customer

_DAY = timedelta(days=1)


@exempt.for_operators("a job asks it for each customer who may be away")
@retry_once
def note_absence(customer_id: int) -> Absence | None:
    """The absence, written down now; None when there is none, or it was written already."""
    with transaction.atomic():
        # The customer's row: a collect that ends the absence, or a second job, waits here.
        list(Customer.objects.select_for_update(no_key=True).filter(pk=customer_id))
        now = database_now()
        known = regular(customer_id)
        rhythm = known.untold if known else None
        found = absence(rhythm, absence_rule(), now=now) if rhythm else None
        if rhythm is not None and found is not None:
            _write(customer_id, rhythm, found, now=now)
    return found


def _write(customer_id: int, rhythm: VisitRhythm, found: Absence, *, now: datetime) -> None:
    cards = Card.objects.filter(customer_id=customer_id).order_by("-last_visit_at", "id")
    details = AbsentDetails(
        last_visit=rhythm.last_at,
        since=found.since,
        rule=found.rule,
        visits=rhythm.days,
        interval_days=round(rhythm.interval / _DAY, 2) if rhythm.interval else None,
    )
    write_line(
        details,
        at=now,
        card_id=cards.values_list("pk", flat=True).first(),
        customer_id=customer_id,
    )
    Customer.objects.filter(pk=customer_id).update(absent_since=rhythm.last_at)
