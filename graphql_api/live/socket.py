"""One socket between the server and Strawberry: bounded frames, and closes that arrive.

Granian holds a close back while a receive is pending, and Strawberry closes from other tasks than
the one that receives: without this, neither its timer nor its answer to a broken document reached
the client.
"""

import asyncio

from starlette.types import Message, Receive, Send

LARGEST_FRAME = 64 * 1024
INIT_SECONDS = 5.0
_LONGEST_REASON = 123
_TOO_LATE = 4408
_TOO_LARGE = 1009


class Socket:
    """The two ends of one connection, for the application that serves it."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._close: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._is_receiving = False
        # True between the opening of the socket and its first frame.
        self._is_silent = False

    async def receive(self) -> Message:
        """The next message; a disconnect once the socket was closed from this side."""
        incoming = asyncio.ensure_future(self._receive())
        self._is_receiving = True
        try:
            await asyncio.wait(
                {incoming, self._close},
                timeout=INIT_SECONDS if self._is_silent else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            self._is_receiving = False
            is_heard = incoming.done()
            if not is_heard:
                incoming.cancel()
                await asyncio.wait({incoming})
        if self._close.done():
            return await self._closed(self._close.result())
        if not is_heard:
            return await self._closed(_with_code(_TOO_LATE))
        return await self._judged(incoming.result())

    async def send(self, message: Message) -> None:
        """Send; a close is left to the receiving side, where one waits."""
        if message["type"] == "websocket.close" and self._is_receiving:
            if not self._close.done():
                self._close.set_result(message)
            return
        await self._send(message)

    async def _judged(self, message: Message) -> Message:
        self._is_silent = message["type"] == "websocket.connect"
        text = message.get("text") or message.get("bytes") or ""
        if message["type"] == "websocket.receive" and len(text) > LARGEST_FRAME:
            return await self._closed(_with_code(_TOO_LARGE))
        return message

    async def _closed(self, close: Message) -> Message:
        # The protocol has room for 123 bytes; a syntax error may quote more than that.
        reason = str(close.get("reason") or "").encode("utf-8", "replace")[:_LONGEST_REASON]
        await self._send({**close, "reason": reason.decode("utf-8", "ignore")})
        return {"type": "websocket.disconnect", "code": close["code"]}


def _with_code(code: int) -> Message:
    return {"type": "websocket.close", "code": code}
