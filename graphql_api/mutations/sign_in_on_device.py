"""`signInOnDevice`: a staff member switches on a paired device by passcode."""

from typing import Annotated, TypeAlias

import strawberry
from django.conf import settings

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.mutations.sign_in import signed_in_staff
from graphql_api.types.people import SignedIn
from loyalty.base.errors import NotFound
from loyalty.devices import sign_in_on_device as switch_on

# Nobody has it, and it is judged like everybody's: an unknown person costs a try too.
_NOBODY = 0


@strawberry.input(description="Who stands at the device, and their passcode.")
class SignInOnDeviceInput:
    """A staff member and a passcode."""

    staff_id: strawberry.ID = strawberry.field(description="The staff member.")
    passcode: str = strawberry.field(description="Their four to six digits.")


SignInOnDeviceResult: TypeAlias = Annotated[
    SignedIn | Refusal,
    strawberry.union("SignInOnDeviceResult", description="A token, or why there is none."),
]


def sign_in_on_device(info: Info, input: SignInOnDeviceInput) -> SignInOnDeviceResult:  # noqa: A002  the API's word
    """A staff member switches on the device whose token the request carries."""

    def work(context: Context) -> SignedIn:
        device = context.device()
        found = switch_on(
            _number(input.staff_id),
            input.passcode,
            device_id=device.pk,
            token_key=settings.TOKEN_KEY,
        )
        return signed_in_staff(found)

    return answered(info, input, work)


def _number(identity: str) -> int:
    try:
        return ids.number(identity, "StaffMember")
    except NotFound:
        return _NOBODY
