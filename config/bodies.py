"""Reads a request's body before a thread is taken for it.

Otherwise eight slow callers could hold all eight threads with one byte each.
"""

import asyncio

from django.conf import settings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATIENCE_SECONDS = 10.0


def whole_bodies(app: ASGIApp) -> ASGIApp:
    """The app, called only once the whole body is here; 408 or 413 when it does not come."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await asyncio.wait_for(_read(receive), PATIENCE_SECONDS)
        except TimeoutError:
            await PlainTextResponse("The body did not arrive.", 408)(scope, receive, send)
            return
        if body is None:
            await PlainTextResponse("The body is too large.", 413)(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def received() -> Message:
            return waiting.pop() if waiting else await receive()

        await app(scope, received, send)

    return served


async def _read(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)
