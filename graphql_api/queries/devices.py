"""`devices` for managers, and `device` for a device itself."""

from graphql_api.context import Info
from graphql_api.queries.connections import Connection, Page, connection
from graphql_api.types import device as types
from graphql_api.types.device import Device, PairedDevice
from loyalty.access import Deed
from loyalty.queries import devices as paired


def device(info: Info) -> PairedDevice:
    """The device whose token the caller sent."""
    return types.paired_device(info.context.device())


def devices(  # noqa: PLR0913, PLR0917  Relay's four arguments and ours
    info: Info,
    with_revoked: bool = False,  # noqa: FBT001, FBT002  the API's argument
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[Device]:
    """A page of devices."""
    info.context.staff(Deed.MANAGE_DEVICES)
    page = Page(first, after, last, before)
    return connection(paired.devices(with_revoked=with_revoked), page, present=types.device)
