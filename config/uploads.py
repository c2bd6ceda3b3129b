"""The door for photos: who may send one is asked before its body is read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from django.conf import settings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from config.bodies import Limits, body_of, closing, with_body
from config.sender import Sender, sender_of
from tenants.fair_threads import TooBusyError
from tenants.known_tokens import Holder

if TYPE_CHECKING:
    from tenants.places import Place

# So many photos at once are held in memory, and so many of them are worked on: a photo takes a
# thread and up to a second, and the counter needs the other threads.
HELD_AT_ONCE, WORKED_ON_AT_ONCE = 8, 2
HELD_OF_BUSINESS, HELD_OF_PERSON, WORKED_ON_OF_BUSINESS = 3, 2, 1
WAITING_SECONDS = 30.0
# A browser shows an answer only once it has sent everything: too large a photo is read to its end,
# so that people read a sentence instead of that the connection broke.
LIMITS = Limits(
    settings.UPLOAD_MAX_SIZE, 64 * 1024 * 1024, seconds=60.0, patience=5.0, slowest=32 * 1024
)


class _Places:
    """Places by name: as many as asked for first, kept while somebody has or wants one."""

    def __init__(self) -> None:
        self._known: WeakValueDictionary[tuple[str, ...], asyncio.Semaphore] = WeakValueDictionary()

    def of(self, *name: str, at_once: int) -> asyncio.Semaphore:
        """The places with this name."""
        found = self._known.get(name)
        if found is None:
            self._known[name] = found = asyncio.Semaphore(at_once)
        return found


class PhotoDoor:
    """Serves POST at the address for photos.

    Anybody who may not send one is answered without their body, and the connection ends. Others
    wait for a place: few of a person, few of a business, so that nobody's slow lines are in the way
    of another business; 503 when there is none for half a minute.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._places = _Places()
        self._held = asyncio.Semaphore(HELD_AT_ONCE)
        self._worked_on = asyncio.Semaphore(WORKED_ON_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            sender = await sender_of(scope)
        except TooBusyError:
            await _busy(scope, receive, send)
            return
        if sender is None:
            # The page refuses by the headers alone, in its own words.
            await with_body(self._app, b"", scope, receive, closing(send))
            return
        place: Place | None = scope.get("place")
        if place:
            place.move(Holder(sender.schema, sender.person, is_staff=True))
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(WAITING_SECONDS):
                    await held.enter_async_context(self._place(sender))
            except TimeoutError:
                await _busy(scope, receive, send)
                return
            body = await body_of(scope, receive, send, limits=LIMITS, is_cut=True)
            if body is not None:
                await self._work(sender, body, scope, receive, send)

    @asynccontextmanager
    async def _place(self, sender: Sender) -> AsyncIterator[None]:
        # The one that all share comes last: who waits for an own one is in nobody's way.
        schema, person = sender
        of_person = self._places.of("person", schema, person, at_once=HELD_OF_PERSON)
        of_business = self._places.of("business", schema, at_once=HELD_OF_BUSINESS)
        async with of_person, of_business, self._held:
            yield

    async def _work(
        self, sender: Sender, body: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        own = self._places.of("work", sender.schema, at_once=WORKED_ON_OF_BUSINESS)
        async with own, self._worked_on:
            await with_body(self._app, body, scope, receive, send)


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse("Too many photos at once.", 503, {"Retry-After": "5"})
    await answer(scope, receive, closing(send))
