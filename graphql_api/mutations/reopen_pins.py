"""`reopenPinEntry`: a manager lets PINs be typed again before the day is over."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.mutations.generate_qr import checked_key
from graphql_api.types.people import StaffMember, staff_member
from loyalty.base.access import Permission
from loyalty.base.values import Role
from loyalty.redeeming import PinClosure as Closed
from loyalty.redeeming import pin_closures, reopen_pins


@strawberry.input(description="The program whose PIN entry wrong PINs have closed.")
class ReopenPinEntryInput:
    """A program."""

    program_id: strawberry.ID = strawberry.field(description="The program that is meant.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Repeating the request with this key does not open it a second time.",
    )


@strawberry.type(description="Somebody, or a device, that five wrong PINs keep out for 15 minutes.")
class PinClosure:
    """A person or a device, and until when."""

    staff: StaffMember | None = strawberry.field(
        description="Who typed them; null where it is a device that is closed."
    )
    device_name: str | None = strawberry.field(
        description="The device on which they were typed; null where it is a person."
    )
    until: datetime = strawberry.field(description="When PIN entry opens by itself, in UTC.")


@strawberry.type(
    description="PIN entry of the program is open; whoever stands in `stillClosed` is kept out."
)
class PinEntryReopened:
    """A program, and what is left of its day."""

    program_id: strawberry.ID = strawberry.field(description="The program that is meant.")
    tries_left: int = strawberry.field(
        description="How many wrong PINs close it again before today's end in UTC."
    )

    @strawberry.field(
        description="People and devices whose own wrong PINs keep them out of all programs still,"
        " the first to open first. Reopening a program opens nothing for them."
    )
    def still_closed(self, info: Info) -> list[PinClosure]:
        """Read when asked for, so that a repeated request says what is so now."""
        return [_closure(each) for each in pin_closures(actor=info.context.actor)]


ReopenPinEntryResult: TypeAlias = Annotated[
    PinEntryReopened | Refusal,
    strawberry.union("ReopenPinEntryResult", description="What is open now, or why not."),
]


def _closure(found: Closed) -> PinClosure:
    who, device = found.staff, found.device
    return PinClosure(
        staff=staff_member(who.pk, name=who.name, role=Role(who.role)) if who else None,
        device_name=device.name if device else None,
        until=found.until,
    )


def reopen_pin_entry(info: Info, input: ReopenPinEntryInput) -> ReopenPinEntryResult:  # noqa: A002  the API's word
    """A manager opens PIN entry of a program again."""

    def work(context: Context) -> PinEntryReopened:
        actor = context.staff(Permission.REOPEN_PINS)
        found = reopen_pins(
            ids.number(input.program_id, "Program", field="programId"),
            actor=actor,
            idempotency_key=checked_key(input.idempotency_key),
        )
        return PinEntryReopened(program_id=input.program_id, tries_left=found.tries)

    return answered(info, input, work, about="programId")
