"""A bonus that another history would have raised."""

from loyalty.models import Bonus, Card, EarnSession
from loyalty.rules.history import Raised


def raise_bonus(raised: Raised, *, number: int) -> Bonus:
    """The waiting bonus; for the caller's transaction and locks."""
    gift, present = raised.present.gift, raised.present
    session = EarnSession.objects.get(pk=raised.session_id)
    card = Card.objects.select_related("customer").get(pk=raised.card_id)
    return Bonus.objects.create(
        id=number,
        card=card,
        version_id=session.judged_by_id or session.version_id,
        session=session,
        source=present.source,
        title=gift.title,
        product_id=gift.product_id,
        tier_id=present.tier_id,
        earned_at=raised.at,
        expires_at=raised.expires_at,
        is_voucher=gift.is_voucher,
        percent=gift.percent,
        amount=gift.amount,
        text=gift.text,
        worth=gift.worth,
        level_id=present.level_id,
        person=card.customer.person if card.customer and present.occasion else None,
        occasion=present.occasion,
    )
