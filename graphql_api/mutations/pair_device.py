"""`createPairingCode` and `pairDevice`: a client becomes a counter device."""

from typing import Annotated, TypeAlias

import strawberry
from django.conf import settings

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.types import device as devices
from graphql_api.types.device import DevicePaired, PairingCode
from loyalty.base.access import Permission
from loyalty.devices import create_pairing_code as make_code
from loyalty.devices import pair_device as pair


@strawberry.input(description="Where the device will belong.")
class CreatePairingCodeInput:
    """A location."""

    location_id: strawberry.ID = strawberry.field(description="Where the device will belong.")


@strawberry.input(description="The code that an owner or manager made, and a name.")
class PairDeviceInput:
    """A code and a name."""

    code: str = strawberry.field(description="The code; case, blanks and dashes do not matter.")
    name: str = strawberry.field(description="What the device is called, at most 60 characters.")


CreatePairingCodeResult: TypeAlias = Annotated[
    PairingCode | Refusal,
    strawberry.union("CreatePairingCodeResult", description="The code, or why there is none."),
]
PairDeviceResult: TypeAlias = Annotated[
    DevicePaired | Refusal,
    strawberry.union("PairDeviceResult", description="The device's token, or why there is none."),
]


def create_pairing_code(info: Info, input: CreatePairingCodeInput) -> CreatePairingCodeResult:  # noqa: A002  the API's word
    """An owner or manager makes a code that pairs one device."""

    def work(context: Context) -> PairingCode:
        actor = context.staff(Permission.MANAGE_DEVICES)
        number = ids.number(input.location_id, "Location", field="locationId")
        return devices.pairing_code(make_code(number, actor=actor, token_key=settings.TOKEN_KEY))

    return answered(info, input, work, about="locationId")


def pair_device(info: Info, input: PairDeviceInput) -> PairDeviceResult:  # noqa: A002  the API's word
    """This client becomes a counter device."""

    def work(context: Context) -> DevicePaired:
        found = pair(input.code, input.name, ip=context.ip, token_key=settings.TOKEN_KEY)
        return devices.device_paired(found.device, found.token)

    return answered(info, input, work)
