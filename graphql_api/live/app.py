"""/graphql/ws and /graphql/stream as ASGI, without Django's own handler."""

import time
from collections import Counter
from datetime import timedelta
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, cast

from cross_web import AsyncHTTPRequestAdapter, HTTPException
from django.db import Error
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from graphql_api import bearer, bodies, technical
from graphql_api.bodies import UnreadableError
from graphql_api.context import Context
from graphql_api.errors import PublicError
from graphql_api.http_errors import without_data
from graphql_api.live.allowance import Allowances
from graphql_api.live.callers import caller_of, signed_in
from graphql_api.live.closes import Close, SocketRefusedError
from graphql_api.live.cors import readable_elsewhere
from graphql_api.live.protocol import SocketAdapter, SocketHandler
from graphql_api.live.read import begin_connection, look_up
from graphql_api.live.socket import Socket
from graphql_api.live.stream_refusals import refused_stream, unfit
from graphql_api.origins import is_listed
from graphql_api.schema import schema
from tenants import context, hosts
from tenants.address import caller_address
from tenants.fair_threads import TooBusyError
from tenants.hosts import BusinessOnHost
from tenants.unfinished import unfinished

if TYPE_CHECKING:
    from tenants.places import Place

PATHS = {"/graphql/ws": "websocket", "/graphql/stream": "http"}
SOCKETS_A_PERSON, SUBSCRIPTIONS_A_SOCKET = 20, 10
# What a person opens and subscribes to, over all their sockets and streams.
ASKED_AT_ONCE, ASKED_A_SECOND = 200, 10.0
INIT_SECONDS = 5.0
# What a refused stream is answered, and what a refused socket is closed with.
_STATUSES = {"UNAUTHENTICATED": 401, "LIMIT_EXCEEDED": 429, "UNAVAILABLE": 503}
_CLOSES = {
    "UNAUTHENTICATED": Close.UNAUTHENTICATED,
    "LIMIT_EXCEEDED": Close.TOO_MANY_SOCKETS,
    "UNAVAILABLE": Close.BUSY,
}


class LiveGraphQL(GraphQL[Context, None]):
    """Strawberry's ASGI app, signed in by header, cookie or connection_init."""

    graphql_transport_ws_handler_class = SocketHandler
    websocket_adapter_class = SocketAdapter

    def __init__(self) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            max_subscriptions_per_connection=SUBSCRIPTIONS_A_SOCKET,
            # From the opening on, whatever comes meanwhile.
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
        )
        self._sockets: Counter[tuple[str, str]] = Counter()
        self._asked = Allowances(at_once=ASKED_AT_ONCE, a_second=ASKED_A_SECOND)

    async def get_context(self, request: Request | WebSocket, response: Any) -> Context:  # noqa: ARG002  Strawberry's signature
        """Who listens; a stream's caller is known by now, a socket's by connection_init."""
        caller = caller_of(request)
        request.scope["caller"] = caller
        if request.scope["type"] == "http":
            self._take_place(caller, await signed_in(caller))
        return caller

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Besides our own pages, the business's front ends elsewhere."""
        return is_listed(request.scope["business"], origin)

    async def on_ws_connect(self, context: Context) -> Any:
        """Accept a socket of somebody who is signed in here and has a place left."""
        params = {name.lower(): value for name, value in (context.connection_params or {}).items()}
        if "authorization" in params:
            sent = params["authorization"]
            context.bearer = bearer.from_header(sent) if isinstance(sent, str) else None
            if context.bearer is None:
                raise SocketRefusedError.by(Close.NO_BEARER)
        try:
            self._take_place(context, await signed_in(context))
        except PublicError as error:
            raise _refused(error, is_token_sent=context.bearer is not None) from None
        return await super().on_ws_connect(context)

    def _take_place(self, context: Context, person: str) -> None:
        key = (context.business.schema, person)
        if self._sockets[key] >= SOCKETS_A_PERSON:
            raise PublicError(
                "LIMIT_EXCEEDED", technical.TOO_MANY_SOCKETS.format(most=SOCKETS_A_PERSON)
            )
        self._sockets[key] += 1
        context.release = lambda: self._release(key)
        context.may_ask = lambda: self._asked.take(key, now=time.monotonic())
        if not context.may_ask():
            raise PublicError("LIMIT_EXCEEDED", Close.TOO_MUCH_ASKED.reason)

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
            if scope["type"] == "http":
                await (await self._stream(Request(scope, receive)))(scope, receive, send)
            else:
                await self.run(WebSocket(scope, receive, send))
        finally:
            caller: Context | None = scope.get("caller")
            if caller and caller.release:
                caller.release()

    async def _stream(self, request: Request) -> Response:
        """The stream, or why it cannot begin; sockets are told by a close."""
        if answer := unfit(request):
            return answer
        try:
            return await self.run(request)
        except PublicError as error:
            code, reason = _told(error)
            message, status = error.message, _STATUSES[code]
            return refused_stream(request, status, code=code, message=message, reason=reason)
        except HTTPException as error:
            return refused_stream(request, error.status_code, message=error.reason)

    def _release(self, key: tuple[str, str]) -> None:
        self._sockets[key] -= 1
        if not self._sockets[key]:
            del self._sockets[key]


def _told(error: PublicError) -> tuple[str, str]:
    told = error.extensions or {}
    return str(told["code"]), str(told.get("reason", ""))


def _refused(error: PublicError, *, is_token_sent: bool) -> SocketRefusedError:
    code, why = _told(error)
    if code == "UNAUTHENTICATED" and is_token_sent:
        return SocketRefusedError(Close.UNAUTHENTICATED.code, f"{code} ({why}): {error.message}")
    for close in (Close.TOO_MUCH_ASKED, Close.TOO_MUCH_OPEN):
        if error.message == close.reason:
            return SocketRefusedError.by(close)
    return SocketRefusedError.by(_CLOSES[code])


_live = readable_elsewhere(LiveGraphQL())


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Choose the business by the host, then serve; unknown hosts and paths are told so."""
    host = Request({**scope, "type": "http"}).headers.get("host", "")
    try:
        business = await _business(host, scope) if _is_ours(scope) else None
    except (TooBusyError, Error):
        await _refuse(scope, receive, send, Close.BUSY)
        return
    if business is None:
        await _refuse(scope, receive, send, Close.NOT_FOUND)
        return
    # This task belongs to the connection alone: every task it starts inherits the business.
    context.activate(business.schema)
    begin_connection()
    scope["business"] = business
    if scope["type"] == "http":
        await _live(scope, receive, send)
    else:
        await _serve_socket(scope, Socket(receive, send))


async def _serve_socket(scope: Scope, socket: Socket) -> None:
    place: Place | None = scope.get("place")
    if place is None or place.is_own:
        await _live(scope, socket.receive, socket.send)
        return
    scope["settled"] = settled = unfinished.begin(place.address, give_way=socket.give_way)
    try:
        await _live(scope, socket.receive, socket.send)
    finally:
        settled()


def _is_ours(scope: Scope) -> bool:
    kind: str = scope["type"]
    return PATHS.get(scope["path"]) == kind


async def _business(host: str, scope: Scope) -> BusinessOnHost | None:
    # Who speaks to a host that is known already waits for no stranger's invented one.
    found = hosts.known(host)
    if found is not None:
        return found
    client = (scope.get("client") or ("",))[0]
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin1")
    address = caller_address(forwarded, client)
    return await look_up(lambda: hosts.business_on(host), address=address)


async def _refuse(scope: Scope, receive: Receive, send: Send, close: Close) -> None:
    if scope["type"] == "http":
        code, status = ("UNAVAILABLE", 503) if close is Close.BUSY else ("NOT_FOUND", 404)
        message = f"{close.reason}."
        answer = refused_stream(Request(scope), status, code=code, message=message)
        await answer(scope, receive, send)
        return
    await receive()
    await send(close.message())
