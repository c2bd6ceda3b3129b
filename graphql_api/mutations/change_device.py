"""`renameDevice`, `unlockDevice` and `revokeDevice`, for owners and managers."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.types.device import Device, device
from loyalty.base.access import Permission
from loyalty.devices import rename_device as rename
from loyalty.devices import revoke_device as revoke
from loyalty.devices import unlock_device as unlock


@strawberry.input(description="A device and its new name.")
class RenameDeviceInput:
    """A device and a name."""

    device_id: strawberry.ID = strawberry.field(description="The device to rename.")
    name: str = strawberry.field(description="What it is called, at most 60 characters.")


@strawberry.input(description="The device to unlock.")
class UnlockDeviceInput:
    """A device."""

    device_id: strawberry.ID = strawberry.field(description="The device to unlock.")


@strawberry.input(description="The device to take out of use.")
class RevokeDeviceInput:
    """A device."""

    device_id: strawberry.ID = strawberry.field(description="The device to take out of use.")


RenameDeviceResult: TypeAlias = Annotated[
    Device | Refusal,
    strawberry.union("RenameDeviceResult", description="The device, or why not."),
]
UnlockDeviceResult: TypeAlias = Annotated[
    Device | Refusal,
    strawberry.union("UnlockDeviceResult", description="The device, or why not."),
]
RevokeDeviceResult: TypeAlias = Annotated[
    Device | Refusal,
    strawberry.union("RevokeDeviceResult", description="The device, or why not."),
]


def rename_device(info: Info, input: RenameDeviceInput) -> RenameDeviceResult:  # noqa: A002  the API's word
    """A device gets another name."""

    def work(context: Context) -> Device:
        actor = context.staff(Permission.MANAGE_DEVICES)
        return device(
            rename(ids.number(input.device_id, "Device", field="deviceId"), input.name, actor=actor)
        )

    return answered(info, input, work, about="deviceId")


def unlock_device(info: Info, input: UnlockDeviceInput) -> UnlockDeviceResult:  # noqa: A002  the API's word
    """A device takes passcodes again."""

    def work(context: Context) -> Device:
        actor = context.staff(Permission.MANAGE_DEVICES)
        return device(unlock(ids.number(input.device_id, "Device", field="deviceId"), actor=actor))

    return answered(info, input, work, about="deviceId")


def revoke_device(info: Info, input: RevokeDeviceInput) -> RevokeDeviceResult:  # noqa: A002  the API's word
    """A device is taken out of use, at once."""

    def work(context: Context) -> Device:
        actor = context.staff(Permission.MANAGE_DEVICES)
        return device(revoke(ids.number(input.device_id, "Device", field="deviceId"), actor=actor))

    return answered(info, input, work, about="deviceId")
