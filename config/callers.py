"""How much one caller may have open at the same moment, by address."""

from collections import Counter

from django.conf import settings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from config.bodies import closing
from tenants.address import caller_address

_TOO_MANY = "Too many requests and streams are open from your address."


def address_in(scope: Scope) -> str:
    """Whom limits count this request or socket for; headers come each in one line."""
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin1")
    return caller_address(forwarded, (scope.get("client") or ("",))[0])


class CappedCallers:
    """The app, for at most `at_once` requests, streams and sockets of one address; else 429."""

    def __init__(self, app: ASGIApp, *, at_once: int = settings.OPEN_PER_ADDRESS) -> None:
        self._app, self._at_once = app, at_once
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it and count it as gone afterwards, or refuse it."""
        address = address_in(scope)
        if self._open[address] >= self._at_once:
            await _refuse(scope, receive, send)
            return
        self._open[address] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    # Before a socket is accepted, it is a request like any other.
    answer = PlainTextResponse(_TOO_MANY, 429, {"Retry-After": "5"})
    await answer(scope, receive, closing(send) if scope["type"] == "http" else send)
