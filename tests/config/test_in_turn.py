"""Requests take turns; a turn ends with its answer's beginning, and with anybody who left."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.in_turn import InTurn
from loyalty.db import deadline
from loyalty.db.deadline import TimeIsUpError

SCOPE = {
    "type": "http",
    "path": "/",
    "headers": [(b"host", b"x.example")],
    "client": ("192.0.2.1", 1),
}


class Line:
    """One request: what its client sends, and what it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.coming: asyncio.Queue[Message] = asyncio.Queue()
        self.answered: list[Message] = []
        self.is_read = asyncio.Event()

    async def serve(self) -> None:
        await self._app(dict(SCOPE), self.coming.get, self._send)

    async def _send(self, message: Message) -> None:
        self.answered.append(message)
        if not message.get("more_body", True):
            # The client reads its answer to the end some day.
            await self.is_read.wait()


async def _answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _soon() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def _played(play: Callable[[], Awaitable[Any]]) -> None:
    async def whole() -> None:
        await play()

    asyncio.run(whole())


def test_whoever_does_not_read_holds_no_turn() -> None:
    async def play() -> None:
        app = InTurn(_answer, threads=1)
        unread = [Line(app) for _ in range(9)]
        serving = [asyncio.create_task(each.serve()) for each in unread]
        await _soon()
        assert [len(each.answered) for each in unread] == [2] * 9
        for each in unread:
            each.is_read.set()
        await asyncio.gather(*serving)

    _played(play)


def test_whoever_left_is_given_up() -> None:
    ended: list[str] = []

    async def reading(_scope: Scope, receive: Receive, _send: Send) -> None:
        deadline.check()
        assert (await receive())["type"] == "http.disconnect"
        with pytest.raises(TimeIsUpError):
            deadline.check()
        ended.append("gone")

    async def play() -> None:
        line = Line(InTurn(reading, threads=1))
        line.coming.put_nowait({"type": "http.disconnect"})
        await line.serve()

    _played(play)
    assert ended == ["gone"]
    assert deadline.running() is None


def test_who_gets_no_turn_is_told_when_to_come_again() -> None:
    async def play() -> None:
        never = asyncio.Event()

        async def stuck(_scope: Scope, _receive: Receive, _send: Send) -> None:
            await never.wait()

        app = InTurn(stuck, threads=1, patience=0.05)
        holding = asyncio.create_task(Line(app).serve())
        await _soon()
        late = Line(app)
        late.is_read.set()
        await late.serve()
        start = late.answered[0]
        assert start["status"] == 503
        assert (b"retry-after", b"2") in start["headers"]
        never.set()
        await holding

    _played(play)
