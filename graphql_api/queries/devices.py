"""`devices` for managers, and `device` for a device itself."""

from typing import Annotated

import strawberry

from graphql_api.context import Info
from graphql_api.queries.connections import (
    LARGEST_PAGE,
    After,
    Before,
    Connection,
    First,
    Last,
    Page,
    connection,
)
from graphql_api.types import device as types
from graphql_api.types.device import Device, PairedDevice
from loyalty.devices import devices as paired_devices

WithRevoked = Annotated[
    bool, strawberry.argument(description="Whether devices out of use are listed too.")
]


def device(info: Info) -> PairedDevice:
    """The device whose token the caller sent."""
    return types.paired_device(info.context.device())


def devices(  # noqa: PLR0913, PLR0917  Relay's four arguments and ours
    info: Info,
    with_revoked: WithRevoked = False,  # noqa: FBT002  the API's argument
    first: First = LARGEST_PAGE,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[Device]:
    """A page of devices."""
    with info.context.asking():
        found = paired_devices(with_revoked=with_revoked, actor=info.context.actor)
    page = Page(first, after, last, before)
    return connection(found, page, of="devices", present=types.devices)
