"""graphql-transport-ws as Strawberry speaks it, except for what one client's mistakes end."""

from collections.abc import Mapping
from typing import Any

from django.db import Error
from graphql import GraphQLError
from starlette.websockets import WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    SubscribeMessage,
)

from graphql_api import bodies, technical
from graphql_api.bodies import UnreadableError
from graphql_api.context import Context
from graphql_api.errors import PublicError
from graphql_api.live.closes import Close, SocketRefusedError
from tenants.fair_threads import TooBusyError


class SocketAdapter(ASGIWebSocketAdapter):
    """Sends as long as the socket is open."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send; what an operation still has to say when the socket was closed is for nobody."""
        if self.ws.application_state is not WebSocketState.DISCONNECTED:
            await super().send_json(message)


class SocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """A broken operation is answered under its id; only a broken protocol ends the socket."""

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Acknowledge, or close with a code and the reason."""
        try:
            await super().handle_connection_init(message)
        except SocketRefusedError as refused:
            await self.websocket.close(code=refused.code, reason=refused.reason)
        except (TooBusyError, Error):
            await self.websocket.close(code=Close.BUSY.code, reason=Close.BUSY.reason)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Run an operation that can be one; else answer an error under its id."""
        if self.connection_acknowledged and (error := self._wrong(message)):
            answer: Any = {"id": message["id"], "type": "error", "payload": [error.formatted]}
            await self.send_message(answer)
            return
        if self.context.may_ask and not self.context.may_ask():
            close = Close.TOO_MUCH_ASKED
            await self.websocket.close(code=close.code, reason=close.reason)
            return
        await super().handle_subscribe(message)

    def _wrong(self, message: SubscribeMessage) -> GraphQLError | None:
        most = self.max_subscriptions_per_connection
        if message["id"] in self.operations:
            return None
        if most is not None and len(self.operations) >= most:
            text = technical.TOO_MANY_SUBSCRIPTIONS.format(most=most)
            return PublicError("LIMIT_EXCEEDED", text)
        payload: dict[str, Any] = {**message["payload"]}
        try:
            bodies.check_operation(
                payload["query"], payload.get("variables"), payload.get("operationName")
            )
        except UnreadableError as error:
            return PublicError("BAD_REQUEST", str(error))
        return None

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> None:
        """Nothing: a document that cannot be read is the mistake of one operation, not of all."""
