"""Values instead of products, and what a program promises."""

import strawberry

from graphql_api.scalars import UnitCount
from graphql_api.types.product import Product


@strawberry.type(description="A bonus that is a value rather than a product.")
class Voucher:
    """A voucher; exactly one of its parts is set."""

    percent: int | None = strawberry.field(
        description="Per cent off, 1 to 100; null for another kind of value."
    )
    amount: UnitCount | None = strawberry.field(
        description="Minor units of the program's currency off; null for another kind of value."
    )
    text: str | None = strawberry.field(
        description="What it is good for, in the owner's words; null for another kind of value."
    )


@strawberry.type(description="What a program gives on an occasion: a product, or a value.")
class Gift:
    """A gift."""

    title: str = strawberry.field(
        description="What it is, in words: the product's name as it was when the rules were"
        " published, or the value."
    )
    product: Product | None = strawberry.field(description="The product; null for a value.")
    voucher: Voucher | None = strawberry.field(description="The value; null for a product.")
    valid_days: int | None = strawberry.field(
        description="The days for which it can be used once earned; null when the program's"
        " `bonusValidDays` decides."
    )
