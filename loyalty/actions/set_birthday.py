"""The customer says when their birthday is, or takes it back (SPEC section 5)."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from loyalty.errors import NotFound
from loyalty.models import Customer
from loyalty.queries.people import Profile, profile_of
from loyalty.rules.birthday import COUNTS_AFTER, checked, may_change
from loyalty.trip import clock, trip
from loyalty.values import CustomerActor

_FIELDS = [
    "birth_month",
    "birth_day",
    "birthday_set_at",
    "birthday_changed_at",
    "birthday_counts_from",
]


class Day(NamedTuple):
    """A day of the year."""

    month: int
    day: int


def set_birthday(wanted: Day | None, *, actor: CustomerActor) -> Profile:
    """The profile with this birthday, None removes it; the same one again changes nothing.

    The first one counts at once; another one, also after a removal, 30 days later, and not twice
    within a year. Raises InvalidInput, NotFound or RateLimited.
    """
    if wanted is not None:
        checked(wanted.month, wanted.day)
    with transaction.atomic():
        # The customer's row: two changes at once, and a visit near the birthday, wait here.
        row = Customer.objects.select_for_update(no_key=True).filter(pk=actor.id).first()
        now = clock()
        trip(now)
        if row is None:
            raise NotFound
        if wanted != _known(row):
            _change(row, wanted, now=now.only)
            row.save(update_fields=_FIELDS)
    return profile_of(row)


def _known(row: Customer) -> Day | None:
    if row.birth_month is None or row.birth_day is None:
        return None
    return Day(row.birth_month, row.birth_day)


def _change(row: Customer, wanted: Day | None, *, now: datetime) -> None:
    row.birth_month, row.birth_day = wanted or (None, None)
    row.birthday_counts_from = None
    if wanted is None:
        # That there was one stays known: otherwise a removal would make the next one the first.
        return
    if row.birthday_set_at is None:
        row.birthday_set_at = now
        return
    may_change(row.birthday_changed_at, now=now)
    row.birthday_changed_at, row.birthday_counts_from = now, now + COUNTS_AFTER
