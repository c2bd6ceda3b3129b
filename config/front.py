"""What stands before the whole product, and before its live half alone."""

from django.conf import settings
from starlette.types import ASGIApp, Receive, Scope, Send

from config import slow_readers
from config.callers import CappedCallers
from config.crowds import Most
from config.headers import with_plain_headers
from config.health import Health
from config.lines import lines
from config.safe_headers import safe_answers
from tenants import health


class Front:
    """An ASGI application with health, limits by address, and headers that all read alike."""

    def __init__(self, app: ASGIApp) -> None:
        self._health, self._limited = Health(), CappedCallers(app, lines=lines)
        self._safe = safe_answers(self._plain)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket, or the server's own lifespan."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        else:
            await self._safe(with_plain_headers(scope), receive, send)

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Anybody who watches over us asks for health, however many others are there.
        is_health = scope["type"] == "http" and scope["path"] in health.PATHS
        await (self._health if is_health else self._limited)(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    # Behind a proxy all connections come from its address: it counts its own callers.
    most = Most(settings.OPEN_PER_ADDRESS, settings.UNFINISHED_PER_ADDRESS)
    slow_readers.watch(lines, most=None if settings.TRUSTED_PROXIES else most)
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
