"""Customers as they see themselves, and the business's own name and address."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import CustomerActor
from loyalty.counting.birthday import Birthday
from loyalty.models import Customer, Settings


@dataclass(frozen=True, slots=True)
class Profile:
    """What a customer told the business; `nickname` is empty for anybody who has none."""

    id: int
    email: str
    birthday: Birthday | None
    nickname: str


def profile(*, actor: CustomerActor) -> Profile:
    """The customer's own profile; raises NotFound."""
    access.require(actor, Permission.READ_OWN_ACCOUNT)
    found = Customer.objects.filter(pk=actor.id).first()
    if found is None:
        raise NotFound
    return profile_of(found)


def profile_of(row: Customer) -> Profile:
    """The profile of a row."""
    birthday = None
    if row.birth_month is not None and row.birth_day is not None:
        birthday = Birthday(row.birth_month, row.birth_day, row.birthday_counts_from)
    return Profile(row.pk, row.email, birthday, row.nickname)


def addresses_of(customer_id: int) -> QuerySet[Customer]:
    """The rows of all addresses of this customer's mailbox, their own among them."""
    own = Customer.objects.filter(pk=customer_id).values("person")
    return Customer.objects.filter(Q(pk=customer_id) | Q(person__in=own))


def site_url() -> str:
    """Where the business's pages are, without a slash at the end."""
    return Settings.objects.values_list("site_url", flat=True).get()
