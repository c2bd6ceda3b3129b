"""Bonuses, as an action answered with them or a query read them."""

from collections.abc import Sequence
from datetime import datetime

import strawberry
from django.utils import translation

from graphql_api.context import Info
from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.scalars import UnitCount
from graphql_api.types.node import Node
from graphql_api.types.product import Product
from graphql_api.types.shelf import Shelf
from graphql_api.types.voucher import Voucher
from loyalty.base.states import BonusSource
from loyalty.cards import BonusView, ProgressView
from loyalty.wording import bonus_title

described(
    "What a bonus was earned by.",
    {
        "CARD": "A card that was filled.",
        "STREAK": "Visits in a row.",
        "BIRTHDAY": "A visit around the customer's birthday.",
        "LEVEL": "A level that was reached.",
        "WIN_BACK": "A return after a long absence; not given by anything yet.",
        "WELCOME": "The first visit at the business.",
        "MANUAL": "The business gave it by hand; not given by anything yet.",
        "PARTNER": "A partner business; not given by anything yet.",
    },
)(BonusSource)


@strawberry.type(description="A reward that was earned and waits on a card.")
class Bonus(Node):
    """A waiting bonus."""

    source: BonusSource = strawberry.field(description="The occasion by which it was earned.")
    view: strawberry.Private[BonusView]
    shelf: strawberry.Private[Shelf]
    voucher: Voucher | None = strawberry.field(
        description="Its value; null for a bonus that is a product."
    )
    expires_at: datetime | None = strawberry.field(
        description="The first moment at which it can no longer be used, in UTC; null when it never"
        " ends."
    )

    @strawberry.field(description="The moment of the visit that earned it, in UTC.")
    def earned_at(self, info: Info) -> datetime:
        """Known where the card was read; read with those beside it where an answer was stored."""
        known = self.view.earned_at
        return known or info.context.read(lambda: self.shelf.earned_at(self.view.id))

    @strawberry.field(
        description="What the customer gets, in words: the product's or the value's name, or what"
        ' can be chosen from, as in "Any Main or lower", in the caller\'s language.'
    )
    def title(self, info: Info) -> str:
        """The tiers are read when asked for, unless the card's counters name them."""
        return info.context.read(lambda: self._title(info.context.language))

    @strawberry.field(
        description="The product that is given; null for a value, and while the customer can "
        "choose."
    )
    def product(self, info: Info) -> Product | None:
        """Read when asked for."""
        return info.context.read(self._product)

    @strawberry.field(
        description="The products from which the customer may choose, or the only one, the lowest "
        "tier first, at most 100; empty for a value."
    )
    def choices(self, info: Info) -> list[Product]:
        """The one product of a simple program, or the menu of a tiered one."""
        return info.context.read(self._choices)

    def _title(self, language: str) -> str:
        # On a socket nobody else has chosen the language.
        with translation.override(language):
            return bonus_title(self.view.title, self.shelf.choice(self.view))

    def _choices(self) -> list[Product]:
        if self.view.product_id:
            found = self._product()
            return [found] if found else []
        if self.voucher:
            return []
        return self.shelf.products_for(self.view.id)

    def _product(self) -> Product | None:
        return self.shelf.product(self.view.product_id)


def bonuses(
    views: Sequence[BonusView],
    progress: Sequence[ProgressView] = (),
    *,
    shelf: Shelf | None = None,
) -> list[Bonus]:
    """Bonuses that are shown together; `progress` are the counters of their card, if known.

    `shelf` is that of all that is shown, where this is a part of it.
    """
    found = shelf or Shelf(views, [progress])
    return [_bonus(view, found) for view in views]


def bonus(view: BonusView, progress: Sequence[ProgressView] = ()) -> Bonus:
    """A bonus that is shown alone."""
    return bonuses([view], progress)[0]


def _bonus(view: BonusView, shelf: Shelf) -> Bonus:
    return Bonus(
        id=strawberry.ID(global_id("Bonus", view.id)),
        source=BonusSource[view.source.upper()],
        view=view,
        shelf=shelf,
        voucher=_voucher(view) if view.is_voucher else None,
        expires_at=view.expires_at,
    )


def _voucher(view: BonusView) -> Voucher:
    amount = None if view.amount is None else UnitCount(view.amount)
    return Voucher(percent=view.percent, amount=amount, text=view.text or None)
