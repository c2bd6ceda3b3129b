"""What bonuses that are shown together name, read at once when one is asked for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from graphql_api.types.product import Product, product
from loyalty.cards import ProductChoice, choices_by_tier, earned_at, is_choice
from loyalty.programs import catalogue

State = dict[str, Any]


class Shelf:
    """Their products and tiers; `cards` are the counters of each of their cards, which name tiers.

    One for all cards of a list: what a hundred bonuses may become is read as for one of them.
    """

    def __init__(self, bonuses: Sequence[State], cards: Iterable[Sequence[State]] = ()) -> None:
        self._bonuses = [found["id"] for found in bonuses]
        self._numbers = {found["product"] for found in bonuses} - {None}
        self._open = [found["id"] for found in bonuses if _is_open(found)]
        self._tiers = {found["tier"] for found in bonuses if _is_open(found)} - {None}
        self._choices: dict[int, ProductChoice] = {}
        for progress in cards:
            self._choices |= _choices([each["tier"] for each in progress if each.get("tier")])

    def product(self, number: int | None) -> Product | None:
        """One of them; None when it does not exist."""
        return self._products.get(number) if number else None

    def earned_at(self, number: int) -> datetime:
        """When one of them was earned."""
        return self._earned[number]

    def choice(self, bonus: State) -> ProductChoice | None:
        """What a bonus may become; None for one that is settled."""
        if not _is_open(bonus):
            return None
        if bonus["tier"] is None:
            return ProductChoice()
        if bonus["tier"] not in self._choices:
            self._choices |= choices_by_tier(self._tiers)
        return self._choices.get(bonus["tier"], ProductChoice())

    def products_for(self, number: int) -> list[Product]:
        """The products that an open bonus may become, the lowest tier first."""
        return self._menus.get(number, [])

    @cached_property
    def _earned(self) -> dict[int, datetime]:
        return earned_at(self._bonuses)

    @cached_property
    def _products(self) -> dict[int, Product]:
        rows = catalogue.products_by_number(self._numbers)
        return {number: product(row) for number, row in rows.items()}

    @cached_property
    def _menus(self) -> dict[int, list[Product]]:
        found = catalogue.menus(self._open)
        # Bonuses that may become the same share one list, which is made and kept once.
        shown = {menu: [product(row) for row in menu.products] for menu in set(found.values())}
        return {number: shown[menu] for number, menu in found.items()}


def _is_open(bonus: State) -> bool:
    is_voucher = bonus.get("voucher") is not None
    return is_choice(bonus["source"], product_id=bonus["product"], is_voucher=is_voucher)


def _choices(tiers: Sequence[State]) -> dict[int, ProductChoice]:
    lowest = min((tier["rank"] for tier in tiers), default=0)
    return {tier["id"]: ProductChoice(tier["name"], tier["rank"] > lowest) for tier in tiers}
