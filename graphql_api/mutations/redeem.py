"""The two-sided handshake: the customer asks, staff look and decide, a manager may take it back."""

from enum import Enum
from typing import Annotated, TypeAlias

import strawberry
from django.conf import settings

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.described import described
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.mutations.generate_qr import checked_key
from graphql_api.types import redemption as redemptions
from graphql_api.types.redemption import Redemption, RedemptionUpdate, RedemptionView
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput
from loyalty.redeeming import (
    BonusRequest,
    RedemptionSelector,
    RedemptionVerdict,
    decide_redemption,
    preview_redemption,
)
from loyalty.redeeming import cancel_redemption as cancel_by_customer
from loyalty.redeeming import refund_redemption as refund
from loyalty.redeeming import request_bonus as request_redemption


@described(
    "What staff do with a redemption.",
    {
        "PREVIEW": "Look at it, by `token` or by `pin` with `programId`; nothing is given yet.",
        "CONFIRM": "Give the bonus, by `token` or by the `redemptionId` of a preview.",
        "CANCEL": "Do not give it, by `token` or by `redemptionId`: the bonus waits again.",
    },
)
class RedemptionDecision(Enum):
    """Look, give, or do not give."""

    PREVIEW = "PREVIEW"
    CONFIRM = "CONFIRM"
    CANCEL = "CANCEL"


@strawberry.input(description="Which bonus of which card, and the product chosen.")
class RequestBonusInput:
    """A wish."""

    card_id: strawberry.ID = strawberry.field(description="The card that the bonus waits on.")
    bonus_id: strawberry.ID | None = strawberry.field(
        default=None, description="The bonus; the oldest one when left out."
    )
    product_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The product that the customer chose; needed where the bonus has choices.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Repeating the request with this key returns the same one."
    )


@strawberry.input(description="The redemption to take back.")
class CancelRedemptionInput:
    """A redemption."""

    redemption_id: strawberry.ID = strawberry.field(description="The redemption that is meant.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: cancelling again gives the same answer."
    )


@strawberry.input(
    description="PREVIEW takes `token`, or `pin` with `programId`. CONFIRM and CANCEL take `token`"
    " or the `redemptionId` of a preview, never a PIN."
)
class ValidateRedemptionInput:
    """What staff scanned or typed, and what they decided."""

    location_id: strawberry.ID = strawberry.field(
        description="The location where staff and customer are."
    )
    decision: RedemptionDecision = strawberry.field(description="What staff do with it.")
    token: str | None = strawberry.field(
        default=None,
        description="What the customer's QR code says; in place of any other way to name it.",
    )
    pin: str | None = strawberry.field(
        default=None, description="The customer's four digits; for PREVIEW alone, with `programId`."
    )
    program_id: strawberry.ID | None = strawberry.field(
        default=None, description="The program that the PIN belongs to; a PIN matches in no other."
    )
    redemption_id: strawberry.ID | None = strawberry.field(
        default=None, description="The redemption that a preview named; for CONFIRM and CANCEL."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: deciding the same again gives the same answer."
    )


@strawberry.input(description="The confirmed redemption, and why it is taken back.")
class RefundRedemptionInput:
    """A redemption and a reason."""

    redemption_id: strawberry.ID = strawberry.field(description="The redemption that is meant.")
    reason: str = strawberry.field(
        description="Why it is taken back, for the log; must not be empty."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: refunding again gives the same answer."
    )


RequestBonusResult: TypeAlias = Annotated[
    Redemption | Refusal,
    strawberry.union("RequestBonusResult", description="The redemption, or why there is none."),
]
CancelRedemptionResult: TypeAlias = Annotated[
    RedemptionUpdate | Refusal,
    strawberry.union("CancelRedemptionResult", description="The state, or why not."),
]
ValidateRedemptionResult: TypeAlias = Annotated[
    RedemptionView | Refusal,
    strawberry.union("ValidateRedemptionResult", description="What staff may see, or why not."),
]
RefundRedemptionResult: TypeAlias = Annotated[
    RedemptionUpdate | Refusal,
    strawberry.union("RefundRedemptionResult", description="The state, or why not."),
]


def request_bonus(info: Info, input: RequestBonusInput) -> RequestBonusResult:  # noqa: A002  the API's word
    """The customer opens a redemption for a waiting bonus."""

    def work(context: Context) -> Redemption:
        actor = context.customer(Permission.REDEEM)
        wanted = BonusRequest(
            card_id=ids.number(input.card_id, "Card", field="cardId"),
            bonus_id=ids.optional(input.bonus_id, "Bonus", field="bonusId"),
            product_id=ids.optional(input.product_id, "Product", field="productId"),
        )
        live = request_redemption(
            wanted,
            actor=actor,
            token_key=settings.TOKEN_KEY,
            idempotency_key=checked_key(input.idempotency_key),
        )
        return redemptions.redemption(live)

    return answered(info, input, work, about="cardId")


def cancel_redemption(info: Info, input: CancelRedemptionInput) -> CancelRedemptionResult:  # noqa: A002  the API's word
    """The customer takes back a redemption; the bonus waits again."""

    def work(context: Context) -> RedemptionUpdate:
        actor = context.customer(Permission.REDEEM)
        number = ids.number(input.redemption_id, "Redemption", field="redemptionId")
        return redemptions.update(
            cancel_by_customer(number, actor=actor, token_key=settings.TOKEN_KEY)
        )

    return answered(info, input, work, about="redemptionId")


def validate_redemption(
    info: Info,
    input: ValidateRedemptionInput,  # noqa: A002  the API's word
) -> ValidateRedemptionResult:
    """Staff look at, confirm or cancel a redemption."""

    def work(context: Context) -> RedemptionView:
        actor = context.staff(Permission.VALIDATE)
        which, location_id = (
            _selector(input),
            ids.number(input.location_id, "Location", field="locationId"),
        )
        if input.decision is RedemptionDecision.PREVIEW:
            seen = preview_redemption(
                which,
                location_id=location_id,
                actor=actor,
                ip=context.ip,
                token_key=settings.TOKEN_KEY,
            )
        else:
            is_given = input.decision is RedemptionDecision.CONFIRM
            verdict = RedemptionVerdict.CONFIRMED if is_given else RedemptionVerdict.CANCELLED
            seen = decide_redemption(
                which, verdict, location_id=location_id, actor=actor, ip=context.ip
            )
        return redemptions.view(seen)

    return answered(info, input, work, about="redemptionId")


def refund_redemption(info: Info, input: RefundRedemptionInput) -> RefundRedemptionResult:  # noqa: A002  the API's word
    """A manager takes back a confirmed redemption; the bonus waits again, or is gone."""

    def work(context: Context) -> RedemptionUpdate:
        actor = context.staff(Permission.REFUND)
        number = ids.number(input.redemption_id, "Redemption", field="redemptionId")
        return redemptions.update(
            refund(number, reason=input.reason, actor=actor, token_key=settings.TOKEN_KEY)
        )

    return answered(info, input, work, about="redemptionId")


def _selector(given: ValidateRedemptionInput) -> RedemptionSelector:
    is_look = given.decision is RedemptionDecision.PREVIEW
    by_pin = given.pin is not None and given.program_id is not None
    ways = [given.token is not None, by_pin if is_look else given.redemption_id is not None]
    if given.pin is not None and not is_look:
        raise InvalidInput(details={"field": "pin", "reason": "preview_only"})
    if given.pin is not None and given.program_id is None and given.token is None:
        raise InvalidInput(details={"field": "programId", "reason": "missing"})
    if sum(ways) != 1:
        raise InvalidInput(details={"field": "token", "reason": "exactly_one"})
    return RedemptionSelector(
        token=given.token,
        pin=given.pin,
        program_id=ids.optional(given.program_id, "Program", field="programId") if by_pin else None,
        redemption_id=None
        if is_look
        else ids.optional(given.redemption_id, "Redemption", field="redemptionId"),
    )
