"""A single bonus, and who may see it."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef

from loyalty.base.errors import NotFound
from loyalty.cards.view import BonusView
from loyalty.models import Bonus, Redemption


class OneBonus(NamedTuple):
    """A bonus, and whose it is; `was_previewed` by staff, for a redemption."""

    view: BonusView
    customer_id: int | None
    was_previewed: bool


def one_bonus(number: int) -> OneBonus:
    """The bonus, whatever became of it; raises NotFound."""
    seen = Redemption.objects.filter(bonus=OuterRef("pk"), previewed_at__isnull=False)
    rows = Bonus.objects.select_related("card").annotate(was_previewed=Exists(seen))
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound
    return OneBonus(BonusView.of(found), found.card.customer_id, found.was_previewed)
