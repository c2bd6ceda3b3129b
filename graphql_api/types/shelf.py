"""What bonuses that are shown together name, read at once when one is asked for."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from graphql_api.types.product import Product, product
from loyalty.cards import (
    BonusView,
    ProductChoice,
    ProgressView,
    TierView,
    choices_by_tier,
    earned_at,
    is_choice,
)
from loyalty.programs import catalogue


class Shelf:
    """Their products and tiers; `cards` are the counters of each of their cards, which name tiers.

    One for all cards of a list: what a hundred bonuses may become is read as for one of them.
    """

    def __init__(
        self, bonuses: Sequence[BonusView], cards: Sequence[Sequence[ProgressView]] = ()
    ) -> None:
        self._bonuses, self._cards = bonuses, cards

    def product(self, number: int | None) -> Product | None:
        """One of them; None when it does not exist."""
        return self._products.get(number) if number else None

    def earned_at(self, number: int) -> datetime:
        """When one of them was earned."""
        return self._earned[number]

    def choice(self, bonus: BonusView) -> ProductChoice | None:
        """What a bonus may become; None for one that is settled."""
        if not _is_open(bonus):
            return None
        if bonus.tier_id is None:
            return ProductChoice()
        if bonus.tier_id not in self._choices:
            tiers = {found.tier_id for found in self._open if found.tier_id}
            self._choices |= choices_by_tier(tiers)
        return self._choices.get(bonus.tier_id, ProductChoice())

    def products_for(self, number: int) -> list[Product]:
        """The products that an open bonus may become, the lowest tier first."""
        return self._menus.get(number, [])

    @cached_property
    def _open(self) -> list[BonusView]:
        return [found for found in self._bonuses if _is_open(found)]

    @cached_property
    def _choices(self) -> dict[int, ProductChoice]:
        found: dict[int, ProductChoice] = {}
        for progress in self._cards:
            found |= _choices([each.tier for each in progress if each.tier])
        return found

    @cached_property
    def _earned(self) -> dict[int, datetime]:
        return earned_at(found.id for found in self._bonuses)

    @cached_property
    def _products(self) -> dict[int, Product]:
        numbers = {found.product_id for found in self._bonuses if found.product_id}
        rows = catalogue.products_by_number(numbers)
        return {number: product(row) for number, row in rows.items()}

    @cached_property
    def _menus(self) -> dict[int, list[Product]]:
        found = catalogue.menus([each.id for each in self._open])
        # Bonuses that may become the same share one list, which is made and kept once.
        shown = {menu: [product(row) for row in menu.products] for menu in set(found.values())}
        return {number: shown[menu] for number, menu in found.items()}


def _is_open(bonus: BonusView) -> bool:
    return is_choice(bonus.source, product_id=bonus.product_id, is_voucher=bonus.is_voucher)


def _choices(tiers: Sequence[TierView]) -> dict[int, ProductChoice]:
    lowest = min((tier.rank for tier in tiers), default=0)
    return {tier.id: ProductChoice(tier.name, tier.rank > lowest) for tier in tiers}
