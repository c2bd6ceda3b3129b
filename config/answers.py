"""A WSGI application on threads: each thread is free again as soon as its answer is made.

The event loop sends the answer: however slowly somebody reads it, no thread waits for them.
"""

import asyncio
import contextvars
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

from starlette.types import Receive, Scope, Send

from config.callers import address_in
from config.refusals import busy
from tenants.fair_threads import FairThreads, TooBusyError

log = logging.getLogger(__name__)
WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_SECONDS_UNWATCHED = 0.05
_UNPREFIXED = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


class Answer(NamedTuple):
    """An answer as a whole."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Threads:
    """An ASGI application that has `app` answered by threads, all callers in turn."""

    def __init__(self, app: WSGIApp, *, threads: int, waiting: int) -> None:
        self._app = app
        # One address never holds more than half of them.
        at_once = max(1, threads // 2)
        self._threads = FairThreads("http", threads=threads, at_once=at_once, waiting=waiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body comes in one message."""
        body = (await receive()).get("body", b"")
        inside = contextvars.copy_context()
        work = partial(inside.run, answered, self._app, environ_of(scope, body))
        try:
            made = self._threads.submit(work, group=address_in(scope))
        except TooBusyError:
            await busy(scope)(scope, receive, send)
            return
        answer = await _unless_gone(made, receive)
        if answer is None:
            return
        headers, start = answer.headers, "http.response.start"
        await send({"type": start, "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


async def _unless_gone(made: Future[Answer], receive: Receive) -> Answer | None:
    """The answer; None when the caller left before it was begun."""
    # Most answers are here before anybody can have left: watching costs as much as a thread's turn.
    coming = asyncio.wrap_future(made)
    await asyncio.wait((coming,), timeout=_SECONDS_UNWATCHED)
    if not coming.done():
        await _watched(coming, receive)
    # Work that has begun keeps its thread, no matter who left: its turn ends with it.
    if not coming.done() and made.cancel():
        return None
    return await coming


async def _watched(coming: asyncio.Future[Answer], receive: Receive) -> None:
    """Wait until it is there or its caller has left."""
    gone = asyncio.ensure_future(_left(receive))
    both: set[asyncio.Future[Any]] = {coming, gone}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()


async def _left(receive: Receive) -> None:
    # What is still to come of a body that nobody reads is no hang-up.
    while (await receive())["type"] != "http.disconnect":
        pass


def answered(app: WSGIApp, environ: dict[str, Any]) -> Answer:
    """The application's whole answer; 500 when it raised."""
    try:
        return _collected(app, environ)
    except Exception:
        log.exception("A request failed")
        return Answer(500, [(b"content-type", b"text/plain")], b"Internal server error")


def _collected(app: WSGIApp, environ: dict[str, Any]) -> Answer:
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    parts: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:  # noqa: ARG001  WSGI's signature
        begun[:] = [(status, headers)]
        return parts.append

    answer = app(environ, start)
    try:
        parts.extend(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    ((status, headers),) = begun
    sent = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
    return Answer(int(status.partition(" ")[0]), sent, b"".join(parts))


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """The request as WSGI says it; names of headers are unambiguous by now."""
    server, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", "")
    found = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # WSGI has bytes as if they were Latin-1.
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = _UNPREFIXED.get(name) or f"HTTP_{name.decode('latin1').upper().replace('-', '_')}"
        found[key] = value.decode("latin1")
    return found
