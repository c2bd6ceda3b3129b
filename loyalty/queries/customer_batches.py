"""All customers, as many at a time as their visits allow."""

from collections.abc import Iterator

from django.db.models import Sum
from django.db.models.functions import Coalesce

from loyalty.models import Customer

AT_ONCE = 500
# Somebody may have thousands: what a batch holds in memory is counted in visits.
_VISITS = 5_000


def customer_batches(
    *, most: int = AT_ONCE, most_visits: int = _VISITS
) -> Iterator[list[Customer]]:
    """All customers by their ids, at most so many at once, and with so many visits.

    Whoever has more visits alone is a batch alone.
    """
    batch, visits = list[Customer](), 0
    everybody = Customer.objects.annotate(visits=Coalesce(Sum("card__visits"), 0)).order_by("pk")
    for customer in everybody.iterator(chunk_size=most):
        if batch and (len(batch) >= most or visits + customer.visits > most_visits):
            yield batch
            batch, visits = [], 0
        batch.append(customer)
        visits += customer.visits
    if batch:
        yield batch
