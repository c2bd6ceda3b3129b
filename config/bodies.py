"""Reads a request's body before a thread is taken for it.

Otherwise eight slow callers could hold all eight threads with one byte each.
"""

import asyncio
import json
from typing import NamedTuple

from django.conf import settings
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.http_errors import body_of as body_of_error
from graphql_api.http_errors import media_type


class Limits(NamedTuple):
    """How much of a body is kept and read, and how long it may take."""

    kept: int
    # Above `kept`, a body is dropped while it is read up to here.
    read: int
    seconds: float
    # After `patience` seconds, so many bytes must have come for each further one.
    patience: float
    slowest: int

    def allowed(self, size: int) -> float:
        """The seconds within which more than `size` bytes must have come."""
        return min(self.seconds, self.patience + size / self.slowest)


USUAL = Limits(
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    seconds=10.0,
    patience=10.0,
    slowest=1,
)


def whole_bodies(app: ASGIApp) -> ASGIApp:
    """The app, called only once the whole body is here; 408 or 413 when it does not come."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        body = await body_of(scope, receive, send, limits=USUAL)
        if body is not None:
            await with_body(app, body, scope, receive, send)

    return served


async def body_of(
    scope: Scope, receive: Receive, send: Send, *, limits: Limits, is_cut: bool = False
) -> bytes | None:
    """The body; None after it was refused because it came too slowly or was too large.

    None as well when its sender has left: nobody is there to be answered.
    With `is_cut` too large a body is an empty one if the headers say how large it was.
    """
    try:
        body = await _read(receive, limits)
    except TimeoutError:
        await _refusal(scope, "The body did not arrive.", 408)(scope, receive, closing(send))
        return None
    except ClientDisconnect:
        return None
    if body is None and is_cut and b"content-length" in dict(scope["headers"]):
        return b""
    if body is None:
        await _refusal(scope, "The body is too large.", 413)(scope, receive, closing(send))
    return body


def _refusal(scope: Scope, text: str, status: int) -> Response:
    # Whoever calls the API reads JSON, and shows nobody a plain text.
    if scope["path"] != "/graphql":
        return PlainTextResponse(text, status)
    kind = media_type(Headers(scope=scope).get("accept", ""))
    return Response(json.dumps(body_of_error("BAD_REQUEST", text)), status, media_type=kind)


async def with_body(app: ASGIApp, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
    """Call the app with this body in place of what is still to come."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    await app(_with_length(scope, len(body)), received, send)


def _with_length(scope: Scope, size: int) -> Scope:
    """The scope, saying how long a body is that came in chunks: Django reads no other."""
    if not size or b"content-length" in dict(scope["headers"]):
        return scope
    told = (b"content-length", str(size).encode())
    kept = [header for header in scope["headers"] if header[0] != b"transfer-encoding"]
    return {**scope, "headers": [*kept, told]}


def closing(send: Send) -> Send:
    """Answers that end the connection: what is still to come on it is a body nobody reads."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), (b"connection", b"close")]
            message = {**message, "headers": headers}
        await send(message)

    return sent


async def _read(receive: Receive, limits: Limits) -> bytes | None:
    begun = asyncio.get_running_loop().time()
    kept, size = bytearray(), 0
    async with asyncio.timeout_at(begun + limits.allowed(0)) as until:
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            part = message.get("body", b"")
            size += len(part)
            if size > limits.kept:
                kept.clear()
            else:
                kept += part
            if size > limits.read:
                return None
            if not message.get("more_body", False):
                return bytes(kept) if size <= limits.kept else None
            if not until.expired():
                until.reschedule(begun + limits.allowed(size))
