"""Programs and what they give."""

from typing import Any
from uuid import UUID

import strawberry

from graphql_api.context import Info
from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.scalars import UnitCount
from graphql_api.types.node import Node
from loyalty import models, values
from loyalty.rules.configuration import variant_name

described(
    "What a program counts.",
    {
        "STAMP_COUNT": "Stamps, for visits, pieces or lines of a receipt.",
        "AMOUNT_STEP": "Stamps, one for each whole `step` of money that is spent.",
        "CUMULATIVE_SPEND": "Money itself: every unit is one minor unit that was spent.",
        "QUALIFIED_VISIT": "Stamps, given only when the receipt is at least `minimum`.",
    },
)(values.BonusModel)
described(
    "Whether a full card gives one fixed thing or lets the customer choose.",
    {
        "SIMPLE": "One fixed bonus.",
        "TIERED": "A product of the customer's choice from a menu in tiers.",
    },
    name="ProgramMode",
)(values.Mode)
described(
    "What one unit stands for.",
    {
        "PER_VISIT": "One unit a visit, whatever was bought.",
        "PER_CART_QTY": "One unit for each piece that staff count.",
        "PER_LINE_ITEM": "One unit for each piece of the products on the receipt.",
        "PER_AMOUNT": "Units by the total of the receipt.",
    },
)(values.StampMode)


@strawberry.type(description="One campaign: a mechanic, its numbers and its texts.")
class Program(Node):
    """A program with the rules in force."""

    name: str = strawberry.field(description="The name that customers read.")
    description: str = strawberry.field(description="A longer text, may be empty.")
    variant: str | None = strawberry.field(
        description="The name of the configuration; null for the six without one."
    )
    bonus_model: values.BonusModel = strawberry.field(description="What the program counts.")
    mode: values.Mode = strawberry.field(description="One fixed bonus, or a menu by tiers.")
    stamp_mode: values.StampMode = strawberry.field(description="What one unit stands for.")
    currency: str = strawberry.field(description="ISO 4217 code of every amount of this program.")
    threshold: UnitCount = strawberry.field(description="The units that fill a card.")


@strawberry.type(description="Where a product stands in a tiered program.")
class Tier(Node):
    """A tier."""

    name: str = strawberry.field(description="The name that customers read, such as M.")
    rank: int = strawberry.field(description="A higher rank is worth more.")


@strawberry.type(description="Something that can be given.")
class Product(Node):
    """A product."""

    name: str = strawberry.field(description="The name that customers and staff read.")
    photo_key: strawberry.Private[UUID | None]
    tier: Tier | None = strawberry.field(description="Its tier in a tiered program.")

    @strawberry.field(description="Where its photo is, a WebP file; null without one.")
    def photo_url(self, info: Info) -> str | None:
        """On the business's own host; needs no other row."""
        site = info.context.business.site_url
        return f"{site}/photo/{self.photo_key}.webp" if self.photo_key else None


@strawberry.type(description="A one-tap button of the panel.")
class Preset(Node):
    """A preset."""

    name: str = strawberry.field(description="The text on the button.")
    program: Program = strawberry.field(description="The program that it gives units of.")
    quantity: int | None = strawberry.field(description="The count that it stands for.")
    amount: UnitCount | None = strawberry.field(
        description="The amount that it stands for, in minor units."
    )
    product: Product | None = strawberry.field(description="The product that it stands for.")
    points: int = strawberry.field(description="The activity points that it gives.")


def program(row: models.Program) -> Program:
    """The program of a row whose `current` version was fetched with it."""
    rules = row.current
    if rules is None:
        raise LookupError("A program without rules is never shown.")
    model = values.BonusModel(rules.bonus_model)
    mode, stamp_mode = values.Mode(rules.mode), values.StampMode(rules.stamp_mode)
    return Program(
        id=strawberry.ID(global_id("Program", row.pk)),
        name=row.name,
        description=row.description,
        variant=variant_name(model, mode, stamp_mode),
        bonus_model=model,
        mode=mode,
        stamp_mode=stamp_mode,
        currency=row.currency,
        threshold=UnitCount(rules.threshold),
    )


def product(row: models.Product) -> Product:
    """The product of a row whose `tier` was fetched with it."""
    return Product(
        id=strawberry.ID(global_id("Product", row.pk)),
        name=row.name,
        photo_key=row.photo_id,
        tier=tier(row.tier) if row.tier else None,
    )


def tier(row: models.Tier) -> Tier:
    """The tier of a row."""
    return Tier(id=strawberry.ID(global_id("Tier", row.pk)), name=row.name, rank=row.rank)


def stored_tier(state: dict[str, Any]) -> Tier:
    """The tier of a stored outcome or card."""
    identity = strawberry.ID(global_id("Tier", state["id"]))
    return Tier(id=identity, name=state["name"], rank=state["rank"])


def preset(row: models.Preset) -> Preset:
    """The preset of a row whose program and product were fetched with it."""
    return Preset(
        id=strawberry.ID(global_id("Preset", row.pk)),
        name=row.name,
        program=program(row.program),
        quantity=row.quantity,
        amount=None if row.amount is None else UnitCount(row.amount),
        product=product(row.product) if row.product else None,
        points=row.points,
    )
