"""Lets what concerns one person go one after another, at all their addresses."""

from typing import LiteralString

from loyalty.base import exempt
from loyalty.db.roundtrip import Query
from loyalty.guards.locks import wait_in_line
from loyalty.models import Customer
from loyalty.people.profile import addresses_of

# Which rows are a person's, and the order in which everybody locks them.
ALL_ADDRESSES: LiteralString = (
    " FROM loyalty_customer k WHERE k.id = %s"
    " OR k.person = (SELECT o.person FROM loyalty_customer o WHERE o.id = %s)"
    " ORDER BY k.id FOR NO KEY UPDATE"
)


def person_lock(customer_id: int) -> Query[tuple[int]]:
    """Locks the rows of all their addresses, as a statement of a round trip.

    Before the cards and behind a session, as everybody does.
    """
    return Query("SELECT k.id" + ALL_ADDRESSES, [customer_id, customer_id])


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
