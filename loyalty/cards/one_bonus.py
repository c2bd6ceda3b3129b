"""A single bonus, and who may see it."""

from django.db.models import Exists, OuterRef

from loyalty.base import access, exempt
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import Actor, CustomerActor
from loyalty.cards.view import BonusView
from loyalty.models import Bonus, Redemption


@exempt.row_decides("its customer, who reads any card, and staff once somebody looked at it")
def one_bonus(number: int, *, actor: Actor) -> BonusView:
    """The bonus, whatever became of it.

    Raises NotFound, also for who may not see it.
    """
    seen = Redemption.objects.filter(bonus=OuterRef("pk"), previewed_at__isnull=False)
    rows = Bonus.objects.select_related("card").annotate(was_previewed=Exists(seen))
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound
    is_own = isinstance(actor, CustomerActor) and actor.id == found.card.customer_id
    # Staff look at what they are asked to give.
    is_looked_at = found.was_previewed and access.may(actor, Permission.VALIDATE)
    access.require_own(actor, Permission.READ_ANY_CARD, is_own=is_own or is_looked_at)
    return BonusView.of(found)
