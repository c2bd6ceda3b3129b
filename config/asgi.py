"""Sockets and streams as ASGI: the live half of a production installation."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from starlette.types import Receive, Scope, Send  # noqa: E402  Django is set up first

from config.headers import with_plain_headers  # noqa: E402  the same
from graphql_api.live.app import live  # noqa: E402  the same


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application: /graphql/ws, /graphql/stream, and the server's lifespan."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await live(with_plain_headers(scope), receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
