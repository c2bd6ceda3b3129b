"""Whether a bonus that was given for an occasion still has a sale that raises it."""

from django.db.models import Q

from loyalty.events import EventKind
from loyalty.models import Bonus, Card, Customer, EarnSession, Event
from loyalty.queries.past_sales import past_of
from loyalty.rules.history import replay


def has_lost_its_sale(bonus: Bonus) -> bool:
    """True when an undo left it given, used as it was, and no other sale raises it since.

    For the caller's lock of the customer. Bonuses without an occasion became a debt then. While
    another address of the person has a sale, theirs may have earned it: then it is not lost.
    """
    customer_id = bonus.card.customer_id
    if not bonus.occasion or customer_id is None or not _was_kept(bonus, customer_id):
        return False
    customer = Customer.objects.get(pk=customer_id)
    if _others_collected(customer):
        return False
    past = past_of(customer)
    if bonus.source == "level" and not past.has_levels:
        return False
    raised = replay(past.steps, past.known).raised
    return all(each.present.occasion != bonus.occasion for each in raised)


def _others_collected(customer: Customer) -> bool:
    others = Customer.objects.filter(person=customer.whose).exclude(pk=customer.pk)
    return EarnSession.objects.filter(customer__in=others, status="collected").exists()


def _was_kept(bonus: Bonus, customer_id: int) -> bool:
    cards = Card.objects.filter(customer_id=customer_id).values("pk")
    undone = Event.objects.filter(kind=EventKind.VOIDED, card_id__in=cards)
    is_its_own = Q(session_id=bonus.session_id or 0)
    return undone.filter(is_its_own | Q(details__undone__kept__contains=[bonus.pk])).exists()
