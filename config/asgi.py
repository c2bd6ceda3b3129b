"""Sockets and streams as ASGI: the live half of an installation that gives them own processes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from starlette.types import Receive, Scope, Send  # noqa: E402  Django is set up first

from config.bodies import whole_bodies  # noqa: E402  the same
from config.front import Front  # noqa: E402  the same
from graphql_api.live.app import live  # noqa: E402  the same

_streams = whole_bodies(live)


async def sockets_and_streams(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one socket, or one stream once its whole body is here."""
    await (_streams if scope["type"] == "http" else live)(scope, receive, send)


application = Front(sockets_and_streams)
