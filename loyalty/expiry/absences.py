"""How often customers come, and who has stayed away."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.events import EventKind
from loyalty.base.states import SessionStatus
from loyalty.base.values import Actor
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query, send
from loyalty.expiry.absence import AbsenceRule, VisitRhythm
from loyalty.models import Customer, EarnSession, Event, Settings

_NEXT: LiteralString = "k.id > %s ORDER BY k.id LIMIT %s"
_ONE: LiteralString = "k.id = %s"


@dataclass(frozen=True, slots=True)
class RegularCustomer:
    """A customer's rhythm (None: never here), and the last visit before an absence told already."""

    customer_id: int
    absent_since: datetime | None
    rhythm: VisitRhythm | None

    @property
    def untold(self) -> VisitRhythm | None:
        """The rhythm, unless the absence after its last visit was told already."""
        if self.rhythm is None or self.absent_since is None:
            return self.rhythm
        # An older one can only be what is left when the visit after it was taken back.
        return self.rhythm if self.rhythm.last_at > self.absent_since else None


_REGULAR = columns(
    RegularCustomer,
    "k",
    customer_id="k.id",
    rhythm=columns(VisitRhythm, "v", days="nullif(v.days, 0)").or_none(),
)
# Several collects on one day are one visit: days are those of the location.
_RHYTHMS: LiteralString = f"""
SELECT {_REGULAR.sql}
  FROM loyalty_customer k CROSS JOIN LATERAL (
    SELECT count(DISTINCT (x.collected_at AT TIME ZONE l.time_zone)::date) AS days,
           min(x.collected_at) AS first_at, max(x.collected_at) AS last_at
      FROM loyalty_earnsession x JOIN loyalty_location l ON l.id = x.location_id
     WHERE x.customer_id = k.id AND x.status = 'collected') v
 WHERE """  # noqa: S608  our own columns


def absence_rule() -> AbsenceRule:
    """What the owner calls absent."""
    days, percent = Settings.objects.values_list("absent_after_days", "absent_after_percent").get()
    return AbsenceRule(days, percent)


def regulars(*, after: int, at_most: int) -> list[RegularCustomer]:
    """The customers behind this one, by id."""
    return _regulars(_RHYTHMS + _NEXT, after, at_most)


def regular(customer_id: int) -> RegularCustomer | None:
    """One customer; None when there is no such one."""
    return next(iter(_regulars(_RHYTHMS + _ONE, customer_id)), None)


def absences(*, actor: Actor) -> QuerySet[Event]:
    """The absences that still hold: nobody of them came since."""
    access.require(actor, Permission.READ_ABSENCES)
    told = Event.objects.filter(kind=EventKind.ABSENT).annotate(
        last_visit_at=Cast(KT("details__last_visit"), DateTimeField())
    )
    came = EarnSession.objects.filter(
        customer_id=OuterRef("pk"),
        status=SessionStatus.COLLECTED,
        collected_at__gt=OuterRef("absent_since"),
    )
    away = Customer.objects.filter(
        pk=OuterRef("customer_id"), absent_since=OuterRef("last_visit_at")
    )
    return told.filter(Exists(away.exclude(Exists(came))))


def _regulars(sql: LiteralString, *keys: int) -> list[RegularCustomer]:
    found = Query(sql, keys, row=_REGULAR.row)
    send(found)
    return found.rows
