"""A bonus that another history would have raised."""

from loyalty.cards.bonus_rows import present_values
from loyalty.correcting.count_in_budget import count_in_budget
from loyalty.history.replay import RaisedBonus
from loyalty.models import Bonus, Card, EarnSession, Level


def raise_bonus(raised: RaisedBonus, *, number: int, is_over: bool = False) -> Bonus:
    """The waiting bonus, or the expired one; for the caller's transaction and locks.

    The program's budget counts it where it has room, unless it `is_over` already.
    """
    session = EarnSession.objects.filter(pk=raised.session_id or 0).first()
    card = Card.objects.select_related("customer").get(pk=raised.card_id)
    person = card.customer.whose if card.customer else None
    version = (session.judged_by_id or session.version_id) if session else card.promise_id
    values = present_values(raised.earned_reward, person=person)
    # The level that it is for may be no more; what it was given for says so still.
    level = Level.objects.filter(pk=raised.earned_reward.level_id or 0).first()
    return Bonus.objects.create(
        id=number,
        card=card,
        version_id=version,
        session=session,
        status="expired" if is_over else "waiting",
        earned_at=raised.at,
        expires_at=raised.expires_at,
        counted_in_budget=not is_over and count_in_budget(raised, program_id=card.program_id),
        **{**values, "level_id": level.pk if level else None},
    )
