"""A single bonus, and who may see it."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from loyalty.base.errors import NotFound
from loyalty.cards.states import bonus_of
from loyalty.models import Bonus, Redemption


class OneBonus(NamedTuple):
    """A bonus in the form in which cards carry it; `was_previewed` by staff, for a redemption."""

    state: dict[str, Any]
    customer_id: int | None
    was_previewed: bool


def one_bonus(number: int) -> OneBonus:
    """The bonus, whatever became of it; raises NotFound."""
    seen = Redemption.objects.filter(bonus=OuterRef("pk"), previewed_at__isnull=False)
    rows = Bonus.objects.select_related("card").annotate(was_previewed=Exists(seen))
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound
    return OneBonus(bonus_of(found), found.card.customer_id, found.was_previewed)
