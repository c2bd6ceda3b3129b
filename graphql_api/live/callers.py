"""Who opens a socket or a stream."""

from typing import TYPE_CHECKING, cast

from django.db import Error
from django.http import parse_cookie
from starlette.requests import Request
from starlette.websockets import WebSocket

from graphql_api import bearer
from graphql_api.context import Context
from graphql_api.errors import PublicError, unauthenticated
from graphql_api.live.closes import Close
from graphql_api.live.read import look_up
from graphql_api.origins import is_own
from loyalty.base.values import Anonymous
from tenants.address import caller_address
from tenants.fair_threads import TooBusyError
from tenants.languages import language_of

if TYPE_CHECKING:
    from tenants.hosts import BusinessOnHost


def caller_of(request: Request | WebSocket) -> Context:
    """The caller as the headers say it; a socket's may follow with connection_init."""
    business = cast("BusinessOnHost", request.scope["business"])
    header = request.headers.get("authorization")
    token = bearer.from_header(header) if header else _own_cookie(request)
    client = request.client.host if request.client else ""
    return Context(
        business=business,
        bearer=token if token is not None or not header else "",
        ip=caller_address(request.headers.get("x-forwarded-for", ""), client),
        language=language_of(request.headers.get("accept-language", ""), business.language),
        is_live=True,
        place=request.scope.get("place"),
        settled=request.scope.get("settled"),
    )


async def signed_in(caller: Context) -> str:
    """The person who listens, by whichever token, with a place of their own.

    Raises UNAUTHENTICATED, UNAVAILABLE or LIMIT_EXCEEDED.
    """
    if caller.bearer is None:
        # Nothing may be followed by somebody whom nobody knows: not even the database is asked.
        raise unauthenticated()
    try:
        actor = await look_up(lambda: caller.actor, address=caller.ip)
    except (TooBusyError, Error):
        raise PublicError("UNAVAILABLE", Close.BUSY.reason) from None
    if isinstance(actor, Anonymous):
        return caller.ip
    if caller.place and not caller.place.move(caller.holder(actor)):
        raise PublicError("LIMIT_EXCEEDED", Close.TOO_MUCH_OPEN.reason)
    if caller.settled:
        caller.settled()
    return actor.key


def _own_cookie(request: Request | WebSocket) -> str | None:
    # Other sites' scripts sign in by bearer only.
    host = request.headers.get("host", "")
    return _cookie(request) if is_own(request.headers.get("origin"), host) else None


def _cookie(request: Request | WebSocket) -> str | None:
    # Read like Django reads it for pages: one odd cookie beside ours must not hide ours.
    return bearer.from_cookies(parse_cookie(request.headers.get("cookie", "")))
