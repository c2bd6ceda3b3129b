"""Reads a request's body before a thread is taken for it.

Otherwise eight slow callers could hold all eight threads with one byte each.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import NamedTuple

from django.conf import settings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# So many photos at once are held in memory; others wait their turn.
UPLOADS_AT_ONCE = 8


class _Limits(NamedTuple):
    kept: int
    # Above `kept`, a body is dropped while it is read up to here.
    read: int
    seconds: float


_USUAL = _Limits(
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_MEMORY_SIZE, seconds=10.0
)
# A browser shows an answer only once it has sent everything: too large a photo is read to its end,
# so that people read a sentence instead of that the connection broke.
_UPLOAD = _Limits(settings.UPLOAD_MAX_SIZE, 64 * 1024 * 1024, seconds=30.0)


def whole_bodies(app: ASGIApp) -> ASGIApp:
    """The app, called only once the whole body is here; 408 or 413 when it does not come.

    At the address for uploads too large a body comes as an empty one; its length stays in the
    headers, and the page says so.
    """
    uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        is_upload = scope.get("path") == settings.UPLOAD_PATH
        limits = _UPLOAD if is_upload else _USUAL
        async with AsyncExitStack() as held:
            if is_upload:
                await held.enter_async_context(uploads)
            await _serve(app, scope, receive, send, limits)

    return served


async def _serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send, limits: _Limits) -> None:
    try:
        body = await asyncio.wait_for(_read(receive, limits), limits.seconds)
    except TimeoutError:
        await PlainTextResponse("The body did not arrive.", 408)(scope, receive, send)
        return
    if body is None and limits is _UPLOAD and b"content-length" in dict(scope["headers"]):
        body = b""
    if body is None:
        await PlainTextResponse("The body is too large.", 413)(scope, receive, send)
        return
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    await app(scope, received, send)


async def _read(receive: Receive, limits: _Limits) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > limits.kept:
            parts.clear()
        else:
            parts.append(part)
        if size > limits.read:
            return None
        if not message.get("more_body", False):
            return b"".join(parts) if size <= limits.kept else None
