"""The customer says when their birthday is, or takes it back.

Rules: docs/rules.md#a-collect-step-by-step.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import CustomerActor
from loyalty.counting.birthday import COUNTS_AFTER, check_change, checked
from loyalty.db.roundtrip import database_now
from loyalty.models import Customer
from loyalty.people.profile import Profile, profile_of

_FIELDS = [
    "birth_month",
    "birth_day",
    "birthday_set_at",
    "birthday_changed_at",
    "birthday_counts_from",
]


class DayOfYear(NamedTuple):
    """A day of the year."""

    month: int
    day: int


def set_birthday(wanted: DayOfYear | None, *, actor: CustomerActor) -> Profile:
    """The profile with this birthday, None removes it; the same one again changes nothing.

    The person's first one counts at once; another one, also after a removal or at another of their
    addresses, 30 days later, and not twice within a year. Raises InvalidInput, NotFound or
    RateLimited.
    """
    access.require(actor, Permission.EDIT_PROFILE)
    if wanted is not None:
        checked(wanted.month, wanted.day)
    with transaction.atomic():
        # The rows of all the person's addresses, in the order of a collect: two changes at once, at
        # one address or at two, and a visit near the birthday, wait here.
        rows = {each.pk: each for each in _locked(actor.id)}
        now = database_now()
        row = rows.pop(actor.id, None)
        if row is None:
            raise NotFound
        if wanted != _known(row):
            _change(row, wanted, others=list(rows.values()), now=now)
            row.save(update_fields=_FIELDS)
    return profile_of(row)


def _locked(customer_id: int) -> list[Customer]:
    person = Customer.objects.filter(pk=customer_id).values_list("person", flat=True).first()
    theirs = Q(pk=customer_id) | Q(pk=person) | Q(person=person)
    wanted = theirs if person is not None else Q(pk=customer_id)
    return list(Customer.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))


def _known(row: Customer) -> DayOfYear | None:
    if row.birth_month is None or row.birth_day is None:
        return None
    return DayOfYear(row.birth_month, row.birth_day)


def _change(
    row: Customer, wanted: DayOfYear | None, *, others: Sequence[Customer], now: datetime
) -> None:
    row.birth_month, row.birth_day = wanted or (None, None)
    row.birthday_counts_from = None
    if wanted is None:
        # That there was one stays known: otherwise a removal would make the next one the first.
        return
    is_first = all(each.birthday_set_at is None for each in (row, *others))
    row.birthday_set_at = row.birthday_set_at or now
    said_before = next((each for each in others if _known(each) == wanted), None)
    if said_before is not None:
        # The person has said this day at another address: it counts here as it does there.
        row.birthday_counts_from = said_before.birthday_counts_from
    elif not is_first:
        changes = [each.birthday_changed_at for each in (row, *others) if each.birthday_changed_at]
        check_change(max(changes, default=None), now=now)
        row.birthday_changed_at, row.birthday_counts_from = now, now + COUNTS_AFTER
