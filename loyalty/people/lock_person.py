"""Lets undos, refunds and collects of one person go one after another, at all their addresses."""

from loyalty.base import exempt
from loyalty.guards.locks import wait_in_line
from loyalty.models import Customer
from loyalty.people.profile import addresses_of


def wait_for_undos(customer_id: int) -> None:
    """Wait for other undos and refunds of this person; held until this transaction ends.

    Before any row is locked: they write to sessions of the person, and hold one already.
    """
    owner = Customer.objects.filter(pk=customer_id).first()
    if owner:
        wait_in_line(f"undo:{owner.whose}")


@exempt.asked_already("part of undos, refunds and reviews")
def lock_person(customer_id: int | None) -> None:
    """Hold the rows of all their addresses, in the order of their ids, as a collect does."""
    list(addresses_of(customer_id or 0).order_by("pk").select_for_update())
