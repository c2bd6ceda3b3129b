"""Reads a request's body before a thread is taken for it.

Otherwise eight slow callers could hold all eight threads with one byte each.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import good_tokens
from config.refusals import refusal
from tenants.places import Place
from tenants.unfinished import unfinished


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


class GaveWayError(Exception):
    """Too many bodies of one address have begun since, and this one is not whole."""


def whole_bodies(app: ASGIApp) -> ASGIApp:
    """The app, called only once the whole body is here; 408, 413 or 429 when it does not come."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        body = await body_of(scope, receive, send, limits=USUAL)
        if body is not None:
            await with_body(app, body, scope, receive, send)

    return served


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


async def body_of(
    scope: Scope, receive: Receive, send: Send, *, limits: Limits, is_cut: bool = False
) -> bytes | None:
    """The body; None after it was refused because it came too slowly or was too large.

    None as well when its sender has left: nobody is there to be answered. A guest's gives way to
    those that their address begins after it.
    With `is_cut` too large a body is an empty one if the headers say how large it was.
    """
    try:
        place = scope.get("place") if _has_body(scope) else None
        body = await _read(scope, receive, limits, place)
    except TimeoutError:
        answer = refusal(scope, 408, "The body did not arrive.", code="BAD_REQUEST")
        await answer(scope, receive, closing(send))
        return None
    except GaveWayError:
        text = "Too many requests of your address are half sent."
        answer = refusal(scope, 429, text, code="LIMIT_EXCEEDED", after=2)
        await answer(scope, receive, closing(send))
        return None
    except ClientDisconnect:
        return None
    if body is None and is_cut and b"content-length" in dict(scope["headers"]):
        return b""
    if body is None:
        answer = refusal(scope, 413, "The body is too large.", code="BAD_REQUEST")
        await answer(scope, receive, closing(send))
    return body


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


class _Patience:
    """Until when a body may come; over at once when it gives way."""

    def __init__(self, until: asyncio.Timeout, scope: Scope) -> None:
        self._until, self._scope = until, scope
        self.gave_way = False

    @contextmanager
    def among_unfinished(self, place: Place | None) -> Iterator[None]:
        """Give way, within the block, to bodies of this guest's address that begin later."""
        if place is None or place.is_own:
            yield
            return
        asked: list[asyncio.Task[None]] = []

        def give_way() -> None:
            # Anybody who brings a token may be somebody whom this process has not met.
            asked.append(asyncio.create_task(self._prove_or_go(place)))

        end = unfinished.begin(place.address, give_way=give_way)
        try:
            yield
        finally:
            end()
            for each in asked:
                each.cancel()

    async def _prove_or_go(self, place: Place) -> None:
        found = await good_tokens.holder_of(self._scope, address=place.address)
        if found:
            place.move(found)
        if not place.is_own and not self._until.expired():
            self.gave_way = True
            self._until.reschedule(asyncio.get_running_loop().time())

    def last(self, until: float) -> None:
        if not self.gave_way and not self._until.expired():
            self._until.reschedule(until)


async def _read(
    scope: Scope, receive: Receive, limits: Limits, place: Place | None
) -> bytes | None:
    begun = asyncio.get_running_loop().time()
    timeout = asyncio.timeout_at(begun + limits.allowed(0))
    patience = _Patience(timeout, scope)
    try:
        async with timeout:
            with patience.among_unfinished(place):
                return await _parts(receive, limits, patience, begun=begun)
    except TimeoutError:
        if patience.gave_way:
            raise GaveWayError from None
        raise


async def _parts(
    receive: Receive, limits: Limits, patience: _Patience, *, begun: float
) -> bytes | None:
    kept, size = bytearray(), 0
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
        patience.last(begun + limits.allowed(size))
