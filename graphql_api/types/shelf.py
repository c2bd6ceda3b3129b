"""What bonuses that are shown together name, read at once when one is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from loyalty.models import Product
from loyalty.queries import catalogue
from loyalty.queries.gifts import Choice, choices_by_tier, earned_at, is_choice


class Shelf:
    """Their products and tiers; `progress` are the counters of their card, which name its tiers."""

    def __init__(
        self, bonuses: Sequence[dict[str, Any]], progress: Sequence[dict[str, Any]] = ()
    ) -> None:
        self._bonuses = [found["id"] for found in bonuses]
        self._earned: dict[int, datetime] | None = None
        self._numbers = {found["product"] for found in bonuses} - {None}
        self._rows: dict[int, Product] | None = None
        self._tiers = {found["tier"] for found in bonuses if _is_open(found)} - {None}
        self._choices = _choices([each["tier"] for each in progress if each.get("tier")])

    def product(self, number: int | None) -> Product | None:
        """One of them; None when it does not exist."""
        if number is None:
            return None
        if self._rows is None:
            self._rows = catalogue.products_by_number(self._numbers)
        return self._rows.get(number)

    def earned_at(self, number: int) -> datetime:
        """When one of them was earned."""
        if self._earned is None:
            self._earned = earned_at(self._bonuses)
        return self._earned[number]

    def choice(self, bonus: dict[str, Any]) -> Choice | None:
        """What a bonus may become; None for one that is settled."""
        if not _is_open(bonus):
            return None
        if bonus["tier"] is None:
            return Choice()
        if bonus["tier"] not in self._choices:
            self._choices = choices_by_tier(self._tiers)
        return self._choices.get(bonus["tier"], Choice())


def _is_open(bonus: dict[str, Any]) -> bool:
    is_voucher = bonus.get("voucher") is not None
    return is_choice(bonus["source"], product_id=bonus["product"], is_voucher=is_voucher)


def _choices(tiers: Sequence[dict[str, Any]]) -> dict[int, Choice]:
    lowest = min((tier["rank"] for tier in tiers), default=0)
    return {tier["id"]: Choice(tier["name"], tier["rank"] > lowest) for tier in tiers}
