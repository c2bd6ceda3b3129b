"""How much one caller may have open at the same moment."""

from contextlib import suppress

from django.conf import settings
from starlette.types import ASGIApp, Receive, Scope, Send

from config import good_tokens
from config.bodies import closing
from config.lines import Lines
from config.refusals import refusal
from config.who_asks import holder_of
from tenants.address import caller_address
from tenants.known_tokens import Holder
from tenants.places import Place, Places


def address_in(scope: Scope) -> str:
    """Whom limits count this request or socket for; headers come each in one line."""
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin1")
    return caller_address(forwarded, (scope.get("client") or ("",))[0])


class CappedCallers:
    """The app, for so many requests, streams and sockets at once as there are places; else 429.

    The app finds the place in its scope, and may move it once it knows whose it is.
    """

    def __init__(
        self, app: ASGIApp, *, at_once: int = settings.OPEN_PER_ADDRESS, lines: Lines | None = None
    ) -> None:
        self._app, self._lines = app, lines or Lines()
        self._places = Places(of_address=at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it and count it as gone afterwards, or refuse it."""
        place = await self._place(scope)
        if place is None:
            await _refuse(scope, receive, send)
            return
        peer = scope.get("client")
        self._lines.begin(peer, place)
        try:
            await self._app({**scope, "place": place}, receive, send)
        finally:
            self._lines.end(peer)
            place.give_back()

    async def _place(self, scope: Scope) -> Place | None:
        address, holder = address_in(scope), _holder(scope)
        if holder is None and scope["type"] == "websocket":
            return self._places.unsettled(address)
        place = self._places.take(address, holder)
        if place is not None or holder is not None:
            return place
        # This process may be new, or its caller: the database knows who they are.
        found = await good_tokens.holder_of(scope, address=address)
        return self._places.take(address, found) if found else None


def _holder(scope: Scope) -> Holder | None:
    headers = dict(scope["headers"])
    return holder_of(
        host=headers.get(b"host", b"").decode("latin1"),
        authorization=headers.get(b"authorization", b"").decode("latin1"),
        cookie=headers.get(b"cookie", b"").decode("latin1"),
    )


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    # Before a socket is accepted, it is a request like any other.
    text = "Too many requests and streams are open from your address."
    answer = refusal(scope, 429, text, code="LIMIT_EXCEEDED", after=5)
    if scope["type"] == "http":
        await answer(scope, receive, closing(send))
        return
    # Granian's word for an opening socket whose client has left meanwhile.
    with suppress(RuntimeError):
        await answer(scope, receive, send)
