"""`generateQR`: staff mint a session, or look at what it would earn."""

from typing import Annotated, TypeAlias

import strawberry
from django.conf import settings

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.scalars import UnitCount
from graphql_api.types import session as sessions
from graphql_api.types.preview import EarnPreview
from graphql_api.types.preview import preview as shown_preview
from graphql_api.types.session import EarnSession
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput
from loyalty.base.values import SaleLine
from loyalty.earning import SaleInput, mint, preview

_LONGEST_KEY = 255
_MOST_LINES = 200


@strawberry.input(description="One line of the receipt.")
class SaleLineInput:
    """A product and how many of it."""

    product_id: strawberry.ID = strawberry.field(description="The product that was sold.")
    quantity: int = strawberry.field(
        default=1, description="The number of pieces of it, at least 1."
    )


@strawberry.input(description="What staff tapped or entered for one sale.")
class GenerateQRInput:
    """The sale."""

    location_id: strawberry.ID = strawberry.field(
        description="The location where the sale happens."
    )
    program_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The program to give units of; left out with `presetId`, the preset's.",
    )
    preset_id: strawberry.ID | None = strawberry.field(
        default=None, description="The button tapped; what is entered goes before what it fixes."
    )
    quantity: int | None = strawberry.field(
        default=None,
        description="The number of pieces, for PER_CART_QTY programs; elsewhere refused, but for 1"
        " in PER_VISIT programs, where each code is one visit.",
    )
    amount: UnitCount | None = strawberry.field(
        default=None,
        description="The receipt's total in minor units, needed for PER_AMOUNT and"
        " QUALIFIED_VISIT, elsewhere kept with the sale; at most ten million of the currency, or"
        " ten billion where prices have many zeros.",
    )
    lines: list[SaleLineInput] | None = strawberry.field(
        default=None,
        description="The lines of the receipt, at most 200, for PER_LINE_ITEM programs; products"
        " that are not the program's earn nothing, and are refused where no line is the program's.",
    )
    product_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The product sold, one of the program's, in PER_VISIT and PER_CART_QTY"
        " programs; needed where the program is TIERED and counts stamps: one unit of its tier.",
    )
    dry_run: bool | None = strawberry.field(
        default=False, description="Only say what the sale would earn; nothing is made."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Repeating the request with this key returns the same session."
    )


GenerateQRResult: TypeAlias = Annotated[
    EarnSession | EarnPreview | Refusal,
    strawberry.union(
        "GenerateQRResult", description="The session, its preview alone, or why there is none."
    ),
]


def generate_qr(info: Info, input: GenerateQRInput) -> GenerateQRResult:  # noqa: A002  the API's word
    """Staff, or an API client with scope `sessions:write`, mints a live QR session."""

    def work(context: Context) -> EarnSession | EarnPreview:
        actor = context.staff(Permission.MINT)
        wanted = _sale(input)
        if input.dry_run:
            return shown_preview(preview(wanted, actor=actor))
        made = mint(
            wanted,
            actor=actor,
            token_key=settings.TOKEN_KEY,
            idempotency_key=checked_key(input.idempotency_key),
        )
        return sessions.session(made)

    return answered(info, input, work)


def checked_key(key: str | None) -> str | None:
    """The idempotency key; raises InvalidInput when it is empty or over 255 characters."""
    if key is not None and not 0 < len(key) <= _LONGEST_KEY:
        raise InvalidInput(details={"field": "idempotencyKey", "reason": "length"})
    return key


def _sale(given: GenerateQRInput) -> SaleInput:
    if given.program_id is None and given.preset_id is None:
        raise InvalidInput(details={"field": "programId", "reason": "missing"})
    if len(given.lines or []) > _MOST_LINES:
        raise InvalidInput(details={"field": "lines", "reason": "too_many"})
    return SaleInput(
        program_id=ids.optional(given.program_id, "Program", field="programId"),
        location_id=ids.number(given.location_id, "Location", field="locationId"),
        preset_id=ids.optional(given.preset_id, "Preset", field="presetId"),
        quantity=given.quantity,
        amount=given.amount,
        product_id=ids.optional(given.product_id, "Product", field="productId"),
        lines=tuple(
            SaleLine(_product(line, field=f"lines[{number}].productId"), line.quantity)
            for number, line in enumerate(given.lines or [])
        ),
    )


def _product(line: SaleLineInput, *, field: str) -> int:
    return ids.number(line.product_id, "Product", field=field)
