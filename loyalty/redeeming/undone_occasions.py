"""What undos had to do with a bonus that a person gets once."""

from django.db.models import Q

from loyalty.base.events import EventKind
from loyalty.models import Bonus, Card, Customer, Event


def was_kept(bonus: Bonus, customer: Customer) -> bool:
    """True when an undo took its sale and left it given, used as it was."""
    cards = Card.objects.filter(customer=customer).values("pk")
    undone = Event.objects.filter(kind=EventKind.VOIDED, card_id__in=cards)
    is_its_own = Q(session_id=bonus.session_id or 0)
    return undone.filter(is_its_own | Q(details__undone__kept__contains=[bonus.pk])).exists()
