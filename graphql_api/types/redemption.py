"""Redemptions, for the customer and for the counter."""

from datetime import datetime
from enum import StrEnum

import strawberry

from graphql_api.context import Info
from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.types.bonus import Bonus, bonus
from graphql_api.types.card import Progress, progress_of
from graphql_api.types.node import Node
from graphql_api.types.product import Product, product
from loyalty.programs import catalogue
from loyalty.redeeming import LiveRedemption, RedemptionSight
from loyalty.sessions import qr_svg


@described(
    "Where a redemption stands.",
    {
        "OPEN": "Its code and PIN are live, and the bonus is held for it.",
        "CONFIRMED": "Staff gave the bonus: it is used.",
        "CANCELLED": "Staff or the customer took it back: the bonus waits again.",
        "EXPIRED": "Nobody confirmed it in time: nothing was given, and the bonus waits again.",
        "REFUNDED": "A manager took the confirmed redemption back: the bonus waits again, or is"
        " gone if what it was given for was taken back meanwhile.",
    },
)
class RedemptionStatusCode(StrEnum):
    """The states of a redemption."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


def _product(number: int | None) -> Product | None:
    row = catalogue.product(number) if number else None
    return product(row) if row else None


@strawberry.type(description="One attempt to use one bonus; its secrets are null once it is over.")
class Redemption(Node):
    """A redemption as its customer sees it."""

    token: str | None = strawberry.field(
        description="What the QR code says, for its customer; null once it is over, and for anybody"
        " else."
    )
    pin: str | None = strawberry.field(
        description="Four digits to read out instead, for its customer; null once it is over, for "
        "anybody else, and when none were free."
    )
    expires_at: datetime = strawberry.field(
        description="The first moment at which it can no longer be confirmed, in UTC."
    )
    seconds_left: int = strawberry.field(
        description="The whole seconds until then, by the server's clock; 0 when it is over."
    )
    status: RedemptionStatusCode = strawberry.field(
        description="Where the redemption stands now, its expiry included."
    )
    bonus: Bonus = strawberry.field(description="The bonus that it holds while it is live.")
    product_id: strawberry.Private[int | None]

    @strawberry.field(
        description="The QR code of `token` as an SVG document; null whenever `token` is."
    )
    def qr_svg(self) -> str | None:
        """Drawn when asked for."""
        return qr_svg(self.token) if self.token else None

    @strawberry.field(
        description="The product that was chosen, or the fixed one; null for a value."
    )
    def product(self, info: Info) -> Product | None:
        """Read when asked for."""
        return info.context.read(lambda: _product(self.product_id))


@strawberry.type(description="One message about a redemption.")
class RedemptionUpdate:
    """Its state at a moment."""

    redemption_id: strawberry.ID = strawberry.field(
        description="The redemption that this is about."
    )
    status: RedemptionStatusCode = strawberry.field(
        description="Where the redemption stands at this moment."
    )
    seconds_left: int = strawberry.field(
        description="The whole seconds until it expires; 0 when it is over."
    )
    at: datetime = strawberry.field(description="When this was so, in UTC.")


@strawberry.type(description="What staff may see: never the customer's name or e-mail.")
class RedemptionView:
    """A redemption at the counter."""

    id: strawberry.ID = strawberry.field(description="Names it when it is confirmed or cancelled.")
    status: RedemptionStatusCode = strawberry.field(
        description="Where the redemption stands at this moment."
    )
    seconds_left: int = strawberry.field(
        description="The whole seconds until it expires; 0 when it is over."
    )
    bonus: Bonus = strawberry.field(description="The bonus that it holds while it is live.")
    progress: list[Progress] = strawberry.field(
        description="The counters of the card that the bonus lies on."
    )
    at: datetime = strawberry.field(description="When this was so, in UTC.")
    product_id: strawberry.Private[int | None]

    @strawberry.field(description="The product to hand over; null for a value.")
    def product(self, info: Info) -> Product | None:
        """Read when asked for."""
        return info.context.read(lambda: _product(self.product_id))


def redemption(live: LiveRedemption) -> Redemption:
    """The redemption as its customer sees it."""
    return Redemption(
        id=_id(live.id),
        token=live.token,
        pin=live.pin,
        expires_at=live.expires_at,
        seconds_left=live.seconds_left,
        status=RedemptionStatusCode(live.status),
        bonus=bonus(live.bonus),
        product_id=live.product_id,
    )


def update(live: LiveRedemption) -> RedemptionUpdate:
    """The redemption's state."""
    return RedemptionUpdate(
        redemption_id=_id(live.id),
        status=RedemptionStatusCode(live.status),
        seconds_left=live.seconds_left,
        at=live.now,
    )


def view(seen: RedemptionSight) -> RedemptionView:
    """The redemption at the counter."""
    return RedemptionView(
        id=_id(seen.id),
        status=RedemptionStatusCode(seen.status),
        seconds_left=seen.seconds_left,
        bonus=bonus(seen.bonus, seen.progress),
        progress=[progress_of(counter) for counter in seen.progress],
        at=seen.at,
        product_id=seen.product_id,
    )


def _id(number: int) -> strawberry.ID:
    return strawberry.ID(global_id("Redemption", number))
