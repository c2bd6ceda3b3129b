"""A bonus that another history would have raised."""

from loyalty.actions.credit_values import present_values
from loyalty.models import Bonus, Card, EarnSession
from loyalty.rules.history import Raised


def raise_bonus(raised: Raised, *, number: int) -> Bonus:
    """The waiting bonus; for the caller's transaction and locks."""
    session = EarnSession.objects.get(pk=raised.session_id)
    card = Card.objects.select_related("customer").get(pk=raised.card_id)
    person = card.customer.person if card.customer else None
    return Bonus.objects.create(
        id=number,
        card=card,
        version_id=session.judged_by_id or session.version_id,
        session=session,
        earned_at=raised.at,
        expires_at=raised.expires_at,
        **present_values(raised.present, person=person),
    )
