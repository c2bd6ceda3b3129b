"""The whole product on one port: HTTP on long-lived threads; streams, files and health without.

Where sockets and streams have processes of their own, config/asgi.py serves those.
"""

from django.conf import settings
from starlette.types import Receive, Scope, Send

from config.answers import Threads
from config.asgi import sockets_and_streams
from config.bodies import whole_bodies
from config.files import StaticFiles
from config.front import Front
from config.in_turn import InTurn
from config.uploads import PhotoDoor
from config.warm import warm
from config.wsgi import application as http
from graphql_api.live.app import PATHS

_threads = Threads(http, threads=settings.HTTP_THREADS, waiting=settings.OPEN_PER_ADDRESS)
_in_turn = InTurn(_threads, threads=settings.HTTP_THREADS)
_pages_and_calls = whole_bodies(_in_turn)
_photos = PhotoDoor(_in_turn)
_files = StaticFiles()


async def _served(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"]
    if scope["type"] != "http" or path in PATHS:
        await sockets_and_streams(scope, receive, send)
    elif _files.has(path):
        await _files(scope, receive, send)
    elif path == settings.UPLOAD_PATH and scope["method"] == "POST":
        await _photos(scope, receive, send)
    else:
        await _pages_and_calls(scope, receive, send)


warm()
# The ASGI application that `manage.py serve` serves.
application = Front(_served)
