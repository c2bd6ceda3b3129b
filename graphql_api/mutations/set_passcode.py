"""`setPasscode`: what a staff member switches on a device with."""

from typing import Annotated, TypeAlias

import strawberry
from django.conf import settings

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.types.people import StaffMember, staff_member
from loyalty.base.access import Permission
from loyalty.base.values import Role
from loyalty.devices import set_passcode as keep


@strawberry.input(description="A new passcode, and whose.")
class SetPasscodeInput:
    """A passcode."""

    passcode: str = strawberry.field(
        description="Four to six digits, neither all the same nor counted up or down."
    )
    staff_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Whose it is; left out, the caller's. Managers set those of staff, owners all,"
        " but nobody another's on a device.",
    )
    current: str | None = strawberry.field(
        default=None,
        description="The caller's own passcode as it is; asked for on a device, and nowhere else.",
    )


@strawberry.type(
    description="The passcode is set. Whoever was switched on by the old one elsewhere is switched"
    " off there."
)
class PasscodeSet:
    """Whose it is."""

    staff: StaffMember = strawberry.field(description="Whose passcode it is.")


SetPasscodeResult: TypeAlias = Annotated[
    PasscodeSet | Refusal,
    strawberry.union("SetPasscodeResult", description="Whose it is, or why it cannot be."),
]


def set_passcode(info: Info, input: SetPasscodeInput) -> SetPasscodeResult:  # noqa: A002  the API's word
    """A staff member's passcode is set, by themselves or by somebody above them."""

    def work(context: Context) -> PasscodeSet:
        actor = context.staff(Permission.SET_PASSCODE)
        member = keep(
            input.passcode,
            actor=actor,
            token_key=settings.TOKEN_KEY,
            staff_id=ids.optional(input.staff_id, "StaffMember", field="staffId"),
            current=input.current,
        )
        return PasscodeSet(staff=staff_member(member.pk, name=member.name, role=Role(member.role)))

    return answered(info, input, work, about="staffId")
