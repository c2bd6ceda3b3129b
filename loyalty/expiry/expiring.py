"""What is over, what soon will be, and what a customer was told of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from django.db.models import Sum

from loyalty.base.calendar import DAY, day_of
from loyalty.base.states import BonusStatus, SessionStatus
from loyalty.db.roundtrip import Query, database_now, send
from loyalty.models import Bonus, Card, EarnSession, Location, ProgramVersion
from loyalty.programs.unit_kind import counts_money

# Each half reads an index that holds only what may end at all.
_OVER: LiteralString = """
SELECT d.id FROM (
  SELECT c.id FROM loyalty_card c WHERE c.units_end_at <= %s
  UNION
  SELECT b.card_id FROM loyalty_bonus b WHERE b.status = 'waiting' AND b.expires_at <= %s
) d WHERE d.id > %s ORDER BY d.id LIMIT %s
"""
_SOON: LiteralString = """
WITH span AS MATERIALIZED (SELECT n.at AS first, n.at + make_interval(days => s.warn_days) AS last
  FROM loyalty_settings s, (SELECT %s::timestamptz AS at) n)
SELECT d.id FROM (
  SELECT c.customer_id AS id FROM loyalty_card c
   WHERE c.units_end_at > (SELECT first FROM span) AND c.units_end_at <= (SELECT last FROM span)
     AND (c.units_warned_at IS NULL OR c.units_warned_at <= c.last_visit_at)
  UNION
  SELECT c.customer_id FROM loyalty_bonus b JOIN loyalty_card c ON c.id = b.card_id
   WHERE b.status = 'waiting' AND b.warned_at IS NULL
     AND b.expires_at > (SELECT first FROM span) AND b.expires_at <= (SELECT last FROM span)
) d WHERE d.id > %s ORDER BY d.id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class UpcomingExpiry:
    """Something that ends with a day: a bonus (`title`), or open units of a program (`count`).

    Money is in minor units of `currency`; for stamps that is empty.
    """

    card_id: int
    program: str
    day: date
    title: str = ""
    count: int = 0
    currency: str = ""


def cards_with_something_over(*, after: int, at_most: int) -> list[int]:
    """The cards behind this one, by id, on which units or bonuses are over."""
    now = database_now()
    return _numbers(_OVER, now, now, after, at_most)


def customers_with_something_ending(*, after: int, at_most: int) -> list[int]:
    """The customers behind this one, by id, who were not yet told of something that ends soon."""
    return _numbers(_SOON, database_now(), after, at_most)


def told_of(customer_id: int, *, warned_at: datetime, now: datetime) -> list[UpcomingExpiry]:
    """What the customer was warned of at that moment, as far as it is still there."""
    # Anybody who came meanwhile has a new deadline.
    cards = Card.objects.filter(
        customer_id=customer_id,
        units_warned_at=warned_at,
        units_end_at__gt=now,
        last_visit_at__lt=warned_at,
    ).annotate(left=Sum("counters__open"))
    bonuses = Bonus.objects.filter(
        card__customer_id=customer_id,
        warned_at=warned_at,
        status=BonusStatus.WAITING,
        expires_at__gt=now,
    )
    units = [
        _units(card, int(card.left))
        for card in cards.select_related("program", "promise").order_by("units_end_at", "id")
        if card.left
    ]
    more = bonuses.select_related("card__program", "session__location")
    return [*units, *(_bonus(bonus) for bonus in more.order_by("expires_at", "id"))]


def _units(card: Card, left: int) -> UpcomingExpiry:
    promise: ProgramVersion = card.promise
    latest = EarnSession.objects.filter(
        customer_id=card.customer_id or 0,
        program_id=card.program_id,
        status=SessionStatus.COLLECTED,
    ).select_related("location")
    found = latest.order_by("-collected_at").first()
    return UpcomingExpiry(
        card_id=card.pk,
        program=card.program.name,
        day=_last_day(card.units_end_at, found.location if found else None),
        count=left,
        currency=card.program.currency if counts_money(promise) else "",
    )


def _bonus(bonus: Bonus) -> UpcomingExpiry:
    return UpcomingExpiry(
        card_id=bonus.card_id,
        program=bonus.card.program.name,
        day=_last_day(bonus.expires_at, bonus.session.location if bonus.session else None),
        title=bonus.title,
    )


def _last_day(ends_at: datetime | None, place: Location | None) -> date:
    if ends_at is None:
        raise ValueError("What never ends is told to nobody.")
    # Deadlines are the first moment of the day after, at the place where it was earned.
    return day_of(ends_at, place.time_zone if place else "UTC") - DAY


def _numbers(sql: LiteralString, *values: object) -> list[int]:
    found = Query(sql, values, row=lambda row: int(row[0]))
    send(found)
    return found.rows
