"""/graphql/ws and /graphql/stream as ASGI, without Django's own handler."""

from collections import Counter
from json import JSONDecodeError
from typing import Any, cast

from cross_web import AsyncHTTPRequestAdapter, HTTPException
from django.http import parse_cookie
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from graphql_api import bearer, bodies
from graphql_api.bodies import UnreadableError
from graphql_api.context import Context
from graphql_api.errors import PublicError
from graphql_api.http_errors import without_data
from graphql_api.live.cors import readable_elsewhere
from graphql_api.live.read import read
from graphql_api.live.socket import Socket
from graphql_api.origins import is_listed, is_own
from graphql_api.schema import schema
from loyalty.values import Anonymous
from tenants import context, hosts
from tenants.address import caller_address
from tenants.hosts import BusinessOnHost
from tenants.languages import language_of

PATHS = {"/graphql/ws": "websocket", "/graphql/stream": "http"}
SOCKETS_A_PERSON = 20
_NOT_FOUND = 4404


class LiveGraphQL(GraphQL[Context, None]):
    """Strawberry's ASGI app, signed in by header, cookie or connection_init."""

    def __init__(self) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            max_subscriptions_per_connection=10,
        )
        self._sockets: Counter[tuple[str, str]] = Counter()

    async def get_context(self, request: Request | WebSocket, response: Any) -> Context:  # noqa: ARG002  Strawberry's signature
        """Who listens."""
        business: BusinessOnHost = request.scope["business"]
        accept = request.headers.get("accept", "")
        if request.scope["type"] == "http" and "text/event-stream" not in accept:
            raise HTTPException(406, "Streams are served as text/event-stream.")
        header = request.headers.get("authorization")
        token = bearer.from_header(header) if header else _own_cookie(request)
        client = request.client.host if request.client else ""
        caller = Context(
            business=business,
            bearer=token if token is not None or not header else "",
            ip=caller_address(request.headers.get("x-forwarded-for", ""), client),
            language=language_of(request.headers.get("accept-language", ""), business.language),
            is_live=True,
        )
        request.scope["caller"] = caller
        if request.scope["type"] == "http":
            self._take_place(caller, token or caller.ip)
        return caller

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Besides our own pages, the business's front ends elsewhere."""
        return is_listed(request.scope["business"], origin)

    async def on_ws_connect(self, context: Context) -> Any:
        """Accept a socket whose token, if it sent one, is good here."""
        params = {name.lower(): value for name, value in (context.connection_params or {}).items()}
        sent = params.get("authorization")
        if isinstance(sent, str):
            context.bearer = bearer.from_header(sent) or ""
        try:
            actor = await read(lambda: context.actor)
        except PublicError:
            raise ConnectionRejectionError from None
        person = context.ip if isinstance(actor, Anonymous) else actor.key
        try:
            self._take_place(context, person)
        except HTTPException:
            raise ConnectionRejectionError from None
        return await super().on_ws_connect(context)

    def _take_place(self, context: Context, person: str) -> None:
        key = (context.business.schema, person)
        if self._sockets[key] >= SOCKETS_A_PERSON:
            raise HTTPException(429, "Too many streams at once.")
        self._sockets[key] += 1
        context.release = lambda: self._release(key)

    def parse_json(self, data: str | bytes) -> Any:
        """A body as a JSON object; anything else is a 400, however it is broken."""
        try:
            return bodies.json_object(data)
        except UnreadableError as error:
            raise HTTPException(400, str(error)) from None

    def decode_json(self, data: str | bytes) -> object:
        """A socket's frame; Strawberry closes the socket with 4400 for what cannot be read."""
        try:
            return bodies.frame(data)
        except UnreadableError as error:
            raise JSONDecodeError(str(error), "", 0) from None

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """The operation that the caller sent."""
        # `parse_json` lets no list through.
        found = cast("GraphQLRequestData", await super().parse_http_body(request))
        try:
            bodies.check_operation(found.query, found.variables, found.operation_name)
        except UnreadableError as error:
            raise HTTPException(400, str(error)) from None
        return found

    async def process_result(self, request: Request, result: Any) -> GraphQLHTTPResponse:
        """The result, without `data` where the document was not run."""
        found = await super().process_result(request, result)
        return cast("GraphQLHTTPResponse", without_data(cast("dict[str, Any]", found)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket or stream, and count it as gone afterwards."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            caller: Context | None = scope.get("caller")
            if caller and caller.release:
                caller.release()

    def _release(self, key: tuple[str, str]) -> None:
        self._sockets[key] -= 1
        if not self._sockets[key]:
            del self._sockets[key]


def _own_cookie(request: Request | WebSocket) -> str | None:
    # Other sites' scripts sign in by bearer only.
    host = request.headers.get("host", "")
    return _cookie(request) if is_own(request.headers.get("origin"), host) else None


def _cookie(request: Request | WebSocket) -> str | None:
    # Read like Django reads it for pages: one odd cookie beside ours must not hide ours.
    return bearer.from_cookies(parse_cookie(request.headers.get("cookie", "")))


_live = readable_elsewhere(LiveGraphQL())


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Choose the business by the host, then serve; unknown hosts and paths are told so."""
    host = Request({**scope, "type": "http"}).headers.get("host", "")
    business = await _business(host) if PATHS.get(scope["path"]) == scope["type"] else None
    if business is None:
        await _refuse(scope, receive, send)
        return
    # This task belongs to the connection alone: every task it starts inherits the business.
    context.activate(business.schema)
    scope["business"] = business
    if scope["type"] == "http":
        await _live(scope, receive, send)
    else:
        socket = Socket(receive, send)
        await _live(scope, socket.receive, socket.send)


async def _business(host: str) -> BusinessOnHost | None:
    return await read(lambda: hosts.business_on(host))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await Response("Nothing lives at this address.", 404)(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close", "code": _NOT_FOUND})
