"""A road on which connections break: before the request, after it, and within the answer."""

import asyncio
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Self

_BEFORE, _HALF, _SENT, _DONE, _WITHIN = "before", "half sent", "sent", "answered", "within"
FATES = (_BEFORE, _HALF, _SENT, _DONE, _WITHIN)
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass
class Road:
    """A TCP proxy to a server's port; it resets this share of the connections."""

    target: int
    random: Random
    share: float
    port: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where to connect."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        assert self._thread
        self._thread.join()
        self._loop.close()

    async def _open(self) -> int:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        is_broken = self.random.random() < self.share
        fate = self.random.choice(FATES) if is_broken else "whole"
        self.fates[fate] += 1
        try:
            request = await _request(near)
            if fate != _BEFORE:
                await self._forward(request, back, fate)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            _reset(back) if is_broken else back.close()

    async def _forward(self, request: bytes, back: asyncio.StreamWriter, fate: str) -> None:
        far, onward = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            onward.write(request[: len(request) // 2] if fate == _HALF else request)
            await onward.drain()
            if fate in {_HALF, _SENT}:
                return
            answer = await far.read(-1)
            if fate == _DONE:
                return
            end = self.random.randrange(1, len(answer)) if fate == _WITHIN and answer else None
            back.write(answer[:end])
            await back.drain()
        finally:
            _reset(onward) if fate in {_HALF, _SENT} else onward.close()


async def _request(near: asyncio.StreamReader) -> bytes:
    head = await near.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    lengths = [int(each.split(b":")[1]) for each in lines if each.startswith(b"content-length:")]
    body = await near.readexactly(lengths[0] if lengths else 0)
    # Then the end of the answer is the end of the connection.
    return head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) + body


def _reset(writer: asyncio.StreamWriter) -> None:
    found: socket.socket | None = writer.get_extra_info("socket")
    if found is not None and found.fileno() >= 0:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()
