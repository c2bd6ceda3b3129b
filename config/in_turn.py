"""An application that is answered by threads, for callers who take turns; who left is given up."""

import sys
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.refusals import busy
from config.turns import Caller, NoTurnError, Turns
from config.who_asks import caller_of
from loyalty.db import deadline
from loyalty.db.deadline import Deadline

if TYPE_CHECKING:
    from tenants.places import Place

_SECONDS_OF_PYTHON = 0.0005


class InTurn:
    """The app; a turn ends when the answer begins, because its thread is free then."""

    def __init__(self, app: ASGIApp, *, threads: int, patience: float = 5.0) -> None:
        self._app, self._turns = app, Turns(threads, patience=patience)
        # Python's threads take turns, too, of 5 ms by default: a sale waited for that behind each
        # dear document some dozen times (measured: 1.27 s a sale, now 0.61).
        sys.setswitchinterval(_SECONDS_OF_PYTHON)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request in its turn; 503 when none comes in time."""
        # Its thread finds it, and stops at the next statement once it was abandoned.
        running = Deadline()

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect":
                running.abandon()
            return message

        try:
            turn = await self._turns.taken(_caller(scope))
        except NoTurnError:
            await busy(scope)(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            turn.end()
            await send(message)

        try:
            with deadline.known(running):
                await self._app(scope, received, sent)
        finally:
            turn.end()


def _caller(scope: Scope) -> Caller:
    place: Place | None = scope.get("place")
    if place and place.holder:
        return Caller(place.holder.business, place.holder.person, is_known=True)
    headers = dict(scope["headers"])

    def told(name: bytes) -> str:
        return str(headers.get(name, b"").decode("latin1"))

    return caller_of(
        host=told(b"host"),
        authorization=told(b"authorization"),
        cookie=told(b"cookie"),
        forwarded=told(b"x-forwarded-for"),
        address=(scope.get("client") or ("",))[0],
    )
