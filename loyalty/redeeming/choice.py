"""Which product a bonus may become."""

from dataclasses import dataclass

from loyalty.base.errors import ProductRequired, ProductUnavailable, TierNotAllowed


@dataclass(frozen=True, slots=True)
class BonusOffer:
    """A waiting bonus: a fixed product, or a menu up to `rank` (None: any of it)."""

    program_id: int
    product_id: int | None
    is_menu: bool
    rank: int | None


@dataclass(frozen=True, slots=True)
class ProductWish:
    """The product that the customer chose."""

    product_id: int
    program_id: int
    rank: int
    is_archived: bool


def chosen(offer: BonusOffer, wish: ProductWish | None, *, was_asked: bool) -> int | None:
    """The product to give; raises ProductRequired, ProductUnavailable or TierNotAllowed.

    `was_asked` tells a missing choice from a product that is not of this business.
    """
    if not offer.is_menu:
        if was_asked and (wish is None or wish.product_id != offer.product_id):
            raise ProductUnavailable
        return offer.product_id
    if not was_asked:
        raise ProductRequired
    if wish is None or wish.is_archived or wish.program_id != offer.program_id:
        raise ProductUnavailable
    if offer.rank is not None and wish.rank > offer.rank:
        raise TierNotAllowed
    return wish.product_id
