"""One port and one process for both halves: HTTP on long-lived threads, live streams as ASGI."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from starlette.types import Message, Receive, Scope, Send

from config.asgi import application as live
from config.bodies import whole_bodies
from config.headers import with_plain_headers
from config.in_turn import InTurn
from config.uploads import PhotoDoor
from config.wsgi import application as http
from graphql_api.live.app import PATHS

# a2wsgi has its own names for what Starlette's types describe.
_threads: Any = WSGIMiddleware(cast("Any", http), workers=settings.HTTP_THREADS)


async def _http(scope: Scope, receive: Receive, send: Send) -> None:
    # Granian's two callables return futures; a2wsgi asks asyncio for coroutines.
    async def received() -> Message:
        return await receive()

    async def sent(message: Message) -> None:
        await send(message)

    await _threads(scope, received, sent)


_in_turn = InTurn(_http, threads=settings.HTTP_THREADS)
_pages_and_calls = whole_bodies(_in_turn)
_photos = PhotoDoor(_in_turn)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application that `granian --interface asgi` serves."""
    if scope["type"] != "http" or scope["path"] in PATHS:
        await live(scope, receive, send)
        return
    scope = with_plain_headers(scope)
    if scope["path"] == settings.UPLOAD_PATH and scope["method"] == "POST":
        await _photos(scope, receive, send)
    else:
        await _pages_and_calls(scope, receive, send)
