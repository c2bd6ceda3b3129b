"""Answers of threads: whole, in the right order, and only for those who are still there."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest
from starlette.types import Message, Scope

from config.answers import Threads, environ_of
from config.bodies import whole_bodies
from config.callers import CappedCallers
from config.headers import with_plain_headers

LONG = 10
WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def _client(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://alpha.localhost")


def _scope(**more: Any) -> Scope:
    usual = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    return {**usual, "http_version": "1.1", "client": ("203.0.113.7", 1), **more}


def test_an_answer_in_parts_comes_whole_and_is_closed() -> None:
    closed = []

    class Parts(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        write = start("207 Some", [("X-Kind", "a"), ("Set-Cookie", "b=1"), ("Set-Cookie", "c=2")])
        write(b"before ")
        return Parts([environ["wsgi.input"].read(), b" ", b"after"])

    async def ask() -> httpx.Response:
        async with _client(whole_bodies(Threads(app, threads=1, waiting=1))) as client:
            return await client.post("/", content=b"body")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.content) == (207, b"before body after")
    assert answer.headers.get_list("set-cookie") == ["b=1", "c=2"]
    assert closed == [True]


@pytest.mark.parametrize("late", [True, False])
def test_an_application_that_raises_is_a_plain_500(late: bool) -> None:  # noqa: FBT001  a case
    def parts() -> Iterable[bytes]:
        yield b"some"
        raise ValueError

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:  # noqa: ARG001  WSGI's signature
        start("200 OK", [])
        if not late:
            raise ValueError
        return parts()

    async def ask() -> httpx.Response:
        async with _client(whole_bodies(Threads(app, threads=1, waiting=1))) as client:
            return await client.get("/")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.text) == (500, "Internal server error")


class Held:
    """A WSGI application that answers nobody before it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.started, self.go = threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.begun.append(environ["PATH_INFO"])
        self.started.set()
        assert self.go.wait(LONG)
        start("200 OK", [])
        return []


async def _call(threads: Threads, path: str, *, leaves: asyncio.Event) -> list[str]:
    """Ask, and hang up once told so; the kinds of what was heard."""
    waiting: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    heard = []

    async def receive() -> Message:
        if not waiting:
            await leaves.wait()
            return {"type": "http.disconnect"}
        return waiting.pop()

    async def send(message: Message) -> None:
        heard.append(message["type"])

    await threads(_scope(path=path), receive, send)
    return heard


def test_what_a_caller_asked_who_left_is_not_begun() -> None:
    app = Held()

    async def play() -> tuple[list[str], list[str]]:
        threads = Threads(app, threads=2, waiting=9)
        stays, leaves = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(_call(threads, "/first", leaves=stays))
        # One address has half of two threads.
        await asyncio.to_thread(app.started.wait, LONG)
        leaves.set()
        second = await _call(threads, "/second", leaves=leaves)
        app.go.set()
        return await first, second

    first, second = asyncio.run(play())
    assert app.begun == ["/first"]
    assert first == ["http.response.start", "http.response.body"]
    assert second == []


def test_work_that_was_begun_holds_its_caller_however_long_they_are_gone() -> None:
    app = Held()

    async def play() -> list[str]:
        threads, leaves = Threads(app, threads=1, waiting=9), asyncio.Event()
        leaves.set()
        call = asyncio.create_task(_call(threads, "/", leaves=leaves))
        await asyncio.to_thread(app.started.wait, LONG)
        # Longer than anybody is left unwatched.
        done, _ = await asyncio.wait((call,), timeout=0.2)
        assert not done
        app.go.set()
        return await call

    assert asyncio.run(play()) == ["http.response.start", "http.response.body"]


def test_too_many_of_one_address_are_turned_away_and_others_are_not() -> None:
    held = asyncio.Event()

    async def app(scope: Scope, receive: Any, send: Any) -> None:  # noqa: ARG001  ASGI's signature
        await held.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    capped = CappedCallers(app, at_once=2)

    async def ask(address: str) -> int:
        transport = httpx.ASGITransport(app=capped, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return (await client.get("/")).status_code

    async def play() -> list[int]:
        home = [f"2001:db8::{number}" for number in (1, 2, 3)]
        asked = [asyncio.create_task(ask(address)) for address in (*home, "203.0.113.7")]
        done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert done == {asked[2]}
        held.set()
        statuses = list(await asyncio.gather(*asked))
        return [*statuses, await ask(home[2])]

    assert asyncio.run(play()) == [200, 200, 429, 200, 200]


def test_no_two_headers_of_a_request_meet_in_the_environ() -> None:
    names = ["X-Forwarded-For", "X_Forwarded_For", "X-Forwarded-Proto", "X_Forwarded-Proto"]
    headers = [(name.lower().encode(), name.encode()) for name in names]
    environ = environ_of(with_plain_headers(_scope(headers=headers)), b"")
    assert environ["HTTP_X_FORWARDED_FOR"] == "X-Forwarded-For"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "X-Forwarded-Proto"
