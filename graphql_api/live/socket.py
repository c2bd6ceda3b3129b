"""One socket between the server and Strawberry: bounded frames, and closes that arrive.

Granian holds a close back while a receive is pending, and Strawberry closes from other tasks than
the one that receives: without this, neither its timer nor its answer to a broken document reached
the client.
"""

import asyncio

from starlette.types import Message, Receive, Send

from graphql_api.live.allowance import Allowance
from graphql_api.live.closes import Close

LARGEST_FRAME = 64 * 1024
# So many messages at once, and so many a second for ever: a page needs a handful.
MESSAGES_AT_ONCE, MESSAGES_A_SECOND = 40, 5.0
_LONGEST_REASON = 123


class Socket:
    """The two ends of one connection, for the application that serves it."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._clock = asyncio.get_running_loop().time
        self._close: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._is_receiving = self._is_connected = False
        at_once = MESSAGES_AT_ONCE
        self._talk = Allowance(at_once, MESSAGES_A_SECOND, at_once, self._clock())

    async def receive(self) -> Message:
        """The next message; a disconnect once the socket was closed from this side."""
        if not self._is_connected:
            # What comes first is the opening; only what was opened can be closed with a reason.
            self._is_connected = True
            return await self._receive()
        incoming = asyncio.ensure_future(self._receive())
        self._is_receiving = True
        try:
            await asyncio.wait({incoming, self._close}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._is_receiving = False
            if not incoming.done():
                incoming.cancel()
                await asyncio.wait({incoming})
        if self._close.done():
            return await self._closed(self._close.result())
        return await self._judged(incoming.result())

    async def send(self, message: Message) -> None:
        """Send; a close is left to the receiving side, where one waits."""
        if message["type"] == "websocket.close" and self._is_receiving:
            if not self._close.done():
                self._close.set_result(message)
            return
        await self._send(message)

    def give_way(self) -> None:
        """Close this socket, whose client has not said who they are: others want its place."""
        if not self._close.done():
            self._close.set_result(Close.BUSY.message())

    async def _judged(self, message: Message) -> Message:
        if message["type"] != "websocket.receive":
            return message
        if len(message.get("text") or message.get("bytes") or "") > LARGEST_FRAME:
            return await self._closed(Close.TOO_LARGE.message())
        if not self._talk.take(now=self._clock()):
            return await self._closed(Close.TOO_MANY_MESSAGES.message())
        return message

    async def _closed(self, close: Message) -> Message:
        # The protocol has room for 123 bytes; a sentence of another language may be longer.
        reason = str(close.get("reason") or "").encode("utf-8", "replace")[:_LONGEST_REASON]
        await self._send({**close, "reason": reason.decode("utf-8", "ignore")})
        return {"type": "websocket.disconnect", "code": close["code"]}
