"""What can be given, and where it stands."""

from uuid import UUID

import strawberry

from graphql_api.context import Info
from graphql_api.ids import global_id
from graphql_api.types.node import Node
from loyalty import models
from loyalty.cards import TierView


@strawberry.type(description="Where products of a tiered program stand: S, M and L by default.")
class Tier(Node):
    """A tier."""

    name: str = strawberry.field(description="The name that customers read, such as M.")
    rank: int = strawberry.field(
        description="Its place among the tiers of its program; a higher rank is worth more."
    )


@strawberry.type(description="Something that a program can give, or count on a receipt.")
class Product(Node):
    """A product."""

    name: str = strawberry.field(description="The name that customers and staff read.")
    photo_key: strawberry.Private[UUID | None]
    tier: Tier | None = strawberry.field(
        description="Its tier in a tiered program; null in a simple one."
    )
    is_available: bool = strawberry.field(
        description="False once it was archived: it can no longer be chosen."
    )

    @strawberry.field(
        description="The full address of its photo, a WebP file on the business's own host that"
        " never changes; null without a photo."
    )
    def photo_url(self, info: Info) -> str | None:
        """On the business's own host; needs no other row."""
        site = info.context.business.site_url
        return f"{site}/photo/{self.photo_key}.webp" if self.photo_key else None


def product(row: models.Product) -> Product:
    """The product of a row whose `tier` was fetched with it."""
    return Product(
        id=strawberry.ID(global_id("Product", row.pk)),
        name=row.name,
        photo_key=row.photo_id,
        tier=tier(row.tier) if row.tier else None,
        is_available=not row.is_archived,
    )


def tier(row: models.Tier) -> Tier:
    """The tier of a row."""
    return Tier(id=strawberry.ID(global_id("Tier", row.pk)), name=row.name, rank=row.rank)


def shown_tier(view: TierView) -> Tier:
    """The tier of an outcome or a card."""
    return Tier(id=strawberry.ID(global_id("Tier", view.id)), name=view.name, rank=view.rank)
