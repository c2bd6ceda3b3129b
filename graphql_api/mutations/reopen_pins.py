"""`reopenPinEntry`: a manager lets PINs be typed again before the day is over."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.mutations.generate_qr import checked_key
from loyalty.access import Deed
from loyalty.actions.reopen_pins import reopen_pins


@strawberry.input(description="The program whose PIN entry wrong PINs have closed.")
class ReopenPinEntryInput:
    """A program."""

    program_id: strawberry.ID = strawberry.field(description="The program that is meant.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Repeating the request with this key does not open it a second time.",
    )


@strawberry.type(description="PIN entry of the program is open.")
class PinEntryReopened:
    """A program, and what is left of its day."""

    program_id: strawberry.ID = strawberry.field(description="The program that is meant.")
    tries_left: int = strawberry.field(
        description="How many wrong PINs close it again before midnight in UTC."
    )


ReopenPinEntryResult: TypeAlias = Annotated[
    PinEntryReopened | Refusal,
    strawberry.union("ReopenPinEntryResult", description="What is open now, or why not."),
]


def reopen_pin_entry(info: Info, input: ReopenPinEntryInput) -> ReopenPinEntryResult:  # noqa: A002  the API's word
    """A manager opens PIN entry of a program again."""

    def work(context: Context) -> PinEntryReopened:
        actor = context.staff(Deed.REOPEN_PINS)
        found = reopen_pins(
            ids.number(input.program_id, "Program"),
            actor=actor,
            idempotency_key=checked_key(input.idempotency_key),
        )
        return PinEntryReopened(program_id=input.program_id, tries_left=found.tries)

    return answered(info, input, work)
