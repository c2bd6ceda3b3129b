"""All customers, as many at a time as their visits allow."""

from collections.abc import Iterator

from django.db.models import Sum

from loyalty.models import Card, Customer

AT_ONCE = 500
# Somebody may have thousands: what a batch holds in memory is counted in visits.
_VISITS = 5_000


def customer_batches(
    *, most: int = AT_ONCE, most_visits: int = _VISITS
) -> Iterator[list[Customer]]:
    """All customers by their ids, at most so many at once, and with so many visits.

    Anybody who has more visits alone is a batch alone.
    """
    batch, visits = list[Customer](), 0
    for customer, own in _with_visits(most):
        if batch and (len(batch) >= most or visits + own > most_visits):
            yield batch
            batch, visits = [], 0
        batch.append(customer)
        visits += own
    if batch:
        yield batch


def _with_visits(most: int) -> Iterator[tuple[Customer, int]]:
    last = 0
    while page := list(Customer.objects.filter(pk__gt=last).order_by("pk")[:most]):
        cards = Card.objects.filter(customer__in=page).values_list("customer_id")
        visits = dict(cards.annotate(Sum("visits")))
        for customer in page:
            yield customer, visits.get(customer.pk, 0)
        last = page[-1].pk
